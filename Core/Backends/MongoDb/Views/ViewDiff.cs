using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.MongoDb.Views;

/// <summary>The collection or view of the wanted name (<c>listCollections</c>).</summary>
/// <param name="Kind"><c>view</c>, <c>collection</c> or <c>timeseries</c>.</param>
/// <param name="On">The collection that a view reads; empty otherwise.</param>
/// <param name="Comment">The <c>$comment</c> in the first stage of a view; empty = it has none, or the user may not see it.</param>
internal sealed record ObservedView(string Kind, string On, string Comment)
{
    /// <summary>None = there is none.</summary>
    public static Option<ObservedView> Read(byte[] reply)
    {
        var batch = Replies.FirstBatch(reply);
        return batch.Read()
            ? new ObservedView(Replies.KindOfCollection(reply).IfNone(Replies.Collection), ViewedBy(batch.AsDocument()), CommentOf(batch.AsDocument()))
            : None;
    }

    private static string ViewedBy(ReadOnlySpan<byte> described) =>
        BsonReader.Find(described, "options"u8, out var options) && BsonReader.Find(options.AsDocument(), "viewOn"u8, out var on) ? on.AsString() : "";

    private static string CommentOf(ReadOnlySpan<byte> described)
    {
        if (!BsonReader.Find(described, "options"u8, out var options) || !BsonReader.Find(options.AsDocument(), "pipeline"u8, out var pipeline))
            return "";
        var stages = new BsonReader(pipeline.AsDocument());
        return stages.Read() && BsonReader.Find(stages.AsDocument(), "$match"u8, out var match)
            && BsonReader.Find(match.AsDocument(), "$comment"u8, out var comment) && comment.Type == BsonType.String
            ? comment.AsString()
            : "";
    }
}

/// <summary>Wanted and observed view -> the step.</summary>
internal static class ViewDiff
{
    /// <summary>A view that Kollect did not make for this target and collection is never touched, and none at all in mode <c>existing</c>.</summary>
    /// <param name="observed">None = there is nothing of that name.</param>
    public static ViewStep Between(DesiredView desired, Option<ObservedView> observed) => observed.Match(
        found =>
            found.Kind != "view" ? Refused($"{desired.View} exists and is a {found.Kind}, not a view", "rename it: the view of a target has this name")
            : !found.Comment.StartsWith(desired.Marker, StringComparison.Ordinal) ? Refused(
                $"view {desired.View} exists, and the $comment of its first stage does not say that Kollect made it for target {desired.Of.TargetName}; "
                + "it is not touched",
                $"db.getCollection({System.Text.Json.Nodes.JsonValue.Create(desired.View.Collection).ToJsonString()}).drop(); // after a look at who uses it")
            : found.Comment == desired.Comment && found.On == desired.Collection.Collection ? new ViewStep.Unchanged()
            : Changed(desired, replaces: true, "its definition differs"),
        () => Changed(desired, replaces: false, "it is missing"));

    private static ViewStep Changed(DesiredView desired, bool replaces, string why)
    {
        var statement = ViewRender.Statement(desired, replaces, $"view {desired.View} of target {desired.Of.TargetName}: {why}");
        return desired.Mode == KollectDatabaseSinkMode.Existing
            ? Refused($"view {desired.View}: {why}, and provisioning.mode is existing", statement.Sql)
            : new ViewStep.Change(Seq1(statement));
    }

    private static ViewStep.Refused Refused(string what, string remedy) => new(new Refusal(what, remedy));
}
