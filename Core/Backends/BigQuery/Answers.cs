using System.Globalization;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The state of a job (Job resource). Closed.</summary>
internal abstract record JobState
{
    private JobState() { }

    /// <summary>Pending or running.</summary>
    public sealed record Running : JobState;

    /// <summary>Ended without success; a job of this id never runs again.</summary>
    public sealed record Failed(Fault.Server Fault) : JobState;

    /// <summary>Ended with success.</summary>
    /// <param name="Inserted">Rows that a DML statement inserted; 0 for any other job.</param>
    /// <param name="Updated">Rows that it rewrote.</param>
    /// <param name="Deleted">Rows that it deleted.</param>
    /// <param name="BytesBilled">Bytes that are billed; 0 for a load job.</param>
    public sealed record Done(long Inserted, long Updated, long Deleted, long BytesBilled) : JobState
    {
        /// <summary>Rows that a load job wrote; 0 for any other job.</summary>
        public long Loaded { get; init; }
    }

    /// <summary>A Job resource, as <c>jobs.insert</c> and <c>jobs.get</c> give it. Left = it cannot be read.</summary>
    public static Either<Fault, JobState> Read(string job) => AnswerPart.Read<JobState>(job, root =>
    {
        var status = root.Required("status");
        switch (status.Required("state").AsText())
        {
            case "PENDING" or "RUNNING": return new Running();
            case "DONE": break;
            default: throw status.Required("state").Unreadable("is none of PENDING, RUNNING and DONE");
        }

        foreach (var error in status.Find("errorResult").ToSeq())
            return new Failed(new Fault.Server(error.Required("reason").AsText(), error.Text("message").IfNone("no message")));
        var query = root.Find("statistics").Bind(it => it.Find("query"));
        var dml = query.Bind(it => it.Find("dmlStats"));
        return new Done(
            dml.Bind(it => it.Number("insertedRowCount")).IfNone(0),
            dml.Bind(it => it.Number("updatedRowCount")).IfNone(0),
            dml.Bind(it => it.Number("deletedRowCount")).IfNone(0),
            query.Bind(it => it.Number("totalBytesBilled")).IfNone(0))
        {
            Loaded = root.Find("statistics").Bind(it => it.Find("load")).Bind(it => it.Number("outputRows")).IfNone(0),
        };
    });
}

/// <summary>A response to <c>jobs.query</c> or <c>jobs.getQueryResults</c>. Closed.</summary>
internal abstract record Answer
{
    private Answer() { }

    /// <summary>The job is still running; its result is asked for by its id.</summary>
    public sealed record Pending(string JobId) : Answer;

    /// <summary>The query has ended.</summary>
    /// <param name="FirstRow">Values in the order of the columns; None = NULL. Without a row: empty.</param>
    public sealed record Complete(Seq<Option<string>> FirstRow) : Answer;

    /// <summary>Left = the response cannot be read.</summary>
    public static Either<Fault, Answer> Read(string response) => AnswerPart.Read<Answer>(response, root => root.Required("jobComplete").AsFlag()
        ? new Complete(root.Items("rows")
            .Take(1)
            .SelectMany(row => row.Items("f"))
            .Select(field => field.Find("v").Map(value => value.AsText()))
            .ToArray().ToSeq())
        : new Pending(root.Required("jobReference").Required("jobId").AsText()));

    /// <summary>
    /// A TIMESTAMP: seconds since 1970, as the API sends it (<c>1.7953938E9</c>), to the microsecond; a time outside the years 1 to 9999 is their first or
    /// last one. None = no number.
    /// </summary>
    public static Option<DateTimeOffset> Time(string seconds) =>
        decimal.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? Times.Add(DateTimeOffset.UnixEpoch, TimeSpan.FromTicks((long)(Math.Clamp(value, -100_000_000_000m, 300_000_000_000m) * TimeSpan.TicksPerSecond)))
            : None;
}
