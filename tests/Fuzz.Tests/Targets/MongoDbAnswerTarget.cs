using System.Text;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Exports;
using Kollect.Fuzz.Tests.Engine;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>Replies of a MongoDB server in BSON, each read as the answer to every question.</summary>
internal sealed class MongoDbAnswerTarget() : FuzzTarget("mongodb-answers")
{
    private const int MaxDepth = 300;

    public override InputForm Form => InputForm.Bson;

    public override IReadOnlyList<string> Tokens =>
    [
        "isWritablePrimary", "version", "authInfo", "authenticatedUsers", "authenticatedUserPrivileges", "resource", "actions", "db", "collection",
        "anyResource",
        "cursor", "firstBatch", "type", "view", "timeseries", "options", "capped", "collation", "validator", "validationLevel", "validationAction",
        "name", "key",
        "unique", "sparse", "hidden", "prepareUnique", "partialFilterExpression", "expireAfterSeconds", "kollect_identity", "inventory_namespace",
        "rows", "newest",
        "_id", "target_name", "source_uid", "cluster", "exported_at", "payload", "$date", "find", "insert", "update", "remove", "createCollection",
    ];

    public override string Run(byte[] input)
    {
        try
        {
            var desired = Plan.Desire(Sinks.MongoDb, Sinks.MongoDb.Location);
            var observed = new Observed(
                Replies.Version(input),
                Replies.IsWritable(input),
                Replies.Privileges(input),
                Replies.KindOfCollection(input).Map(kind => new ObservedCollection(kind, Replies.Indexes(input), Replies.OptionsOfCollection(input))));
            var probe = ProbeReport.Of(Sinks.MongoDb, desired, observed);
            string[] texts = [.. Texts(probe), $"{Plan.Preview(Sinks.MongoDb, desired, observed)}", .. Plan.Preview(Sinks.MongoDb, desired, observed).Remarks];
            var result = string.Join('\n', texts) + $"\n{ScopeFacts.Read(input)} {StoredRow.Read(input)} {Walk(input, 1)}";
            Messages.AreVisible(texts);
            return result;
        }
        catch (FormatException)
        {
            return "damaged"; // the reader's own word for bytes that are no BSON
        }
    }

    private static IEnumerable<string> Texts(ProbeResult probe) => probe switch
    {
        ProbeResult.Failed it => [it.Failure.Message],
        _ => [$"{probe}"],
    };

    /// <summary>Every value of a document, in every type.</summary>
    private static string Walk(ReadOnlySpan<byte> document, int depth)
    {
        var text = new StringBuilder();
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            text.Append(Encoding.UTF8.GetString(fields.Name)).Append(fields.AsInt64()).Append(fields.AsString());
            text.Append(fields.AsBoolean()).Append(fields.AsTime());
            Assert.False(fields.Element.IsEmpty);
            if (depth < MaxDepth && fields.Type is BsonType.Document or BsonType.Array)
                text.Append(Walk(fields.AsDocument(), depth + 1));
        }

        return text.ToString();
    }
}
