using System.Buffers.Text;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The limits of values that BigQuery can store.</summary>
internal sealed class Limits : RowLimits
{
    /// <summary>
    /// 9 MB for a request that carries its rows: the service takes 10 MB of one (BigQuery, "Quotas and limits": maximum query request
    /// size), and the text and the names around the rows are part of it.
    /// </summary>
    public const int MaxRequestBytes = 9_000_000;

    /// <summary>
    /// 2 MiB, our own limit for a whole answer: a page of the service itself has at most 10 MB (BigQuery REST, "jobs.query": maxResults), but only one row of
    /// four numbers is asked for. The longest answer is a Table resource: 8,000 columns with short descriptions.
    /// </summary>
    public const int MaxAnswerBytes = 2 << 20;

    /// <summary>The one instance.</summary>
    public static Limits Instance { get; } = new();

    private Limits() { }

    /// <summary>32 MiB, our own limit: escaped within a line of JSON it stays below the 100 MB of a row in a load job (the same page).</summary>
    public override int MaxPayloadBytes => 32 << 20;

    /// <summary>Of a JSON value (the same page: maximum depth of nested JSON).</summary>
    public override int MaxDepth => 500;

    /// <summary>Others are rounded to a double: the one backend whose JSON type is not exact.</summary>
    public override Option<string> ObjectionToNumber(ReadOnlySpan<byte> literal) =>
        Utf8Parser.TryParse(literal, out double value, out var read) && read == literal.Length && double.IsFinite(value)
            ? None
            : Some("holds a number beyond 1.8e308, the limit of BigQuery's JSON type");

    /// <summary>A STRING has no limit of its own.</summary>
    public override Option<string> ObjectionToIdentity(Scope scope, string targetName, string sourceUid) => None;
}
