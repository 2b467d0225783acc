using System.Globalization;
using System.Text;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The commands that create what is missing; <see cref="Render"/> shows the same texts to people.</summary>
internal static class Commands
{
    /// <summary>For the sink's database.</summary>
    public static ReadOnlyMemory<byte> Create(MongoDbChange change)
    {
        var writer = new BsonWriter();
        BsonJson.WriteDocument(writer, Encoding.UTF8.GetBytes(Render.Command(change)));
        return writer.Written;
    }

    /// <summary>True when another writer created the object first, so the state is as required; or when exports work without it.</summary>
    public static bool MayFail(MongoDbChange change, Fault fault) =>
        (fault is Fault.Server server && server.Code == Render.AlreadyThere(change).ToString(CultureInfo.InvariantCulture))
        || (change is MongoDbChange.CreateLedger && Replies.IsUnauthorized(fault));
}
