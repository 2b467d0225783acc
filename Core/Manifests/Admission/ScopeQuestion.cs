using System.Text.Json;
using Kollect.Core.Collection;
using Kollect.Core.Collection.Scopes;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Models;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Admission;

/// <summary>What has to be known of the cluster to review an object: the scopes that limit it, and the kind that it collects.</summary>
/// <param name="Namespace">Of the object; None = it is cluster-scoped, and limited by <c>KollectClusterScope</c>s.</param>
/// <param name="Profile">None = the object names none.</param>
internal sealed record ScopeQuestion(Option<string> Namespace, Option<ProfileRef> Profile)
{
    /// <summary>None = no scope limits the object, or the body is no review of one that is valid.</summary>
    public static Option<ScopeQuestion> Of(ReadOnlySpan<byte> review)
    {
        if (WellFormed.Check(review) is not null)
            return None;
        var reader = new Utf8JsonReader(review);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("request", out var request) && request.ValueKind == JsonValueKind.Object
            && request.TryGetProperty("object", out var given) && given.ValueKind == JsonValueKind.Object
            ? Of(Kind(given), JsonSerializer.SerializeToUtf8Bytes(given))
            : None;
    }

    private static Option<ScopeQuestion> Of(string kind, ReadOnlySpan<byte> json) => kind switch
    {
        "KollectTarget" or "KollectClusterTarget" => OfTarget(TargetObject.Read(json)),
        "KollectInventory" => new ScopeQuestion(SpecParts.Namespace(KollectInventory.ReadJson(json, out _)!.Metadata), None),
        "KollectClusterInventory" => new ScopeQuestion(None, None),
        "KollectDatabaseSink" => new ScopeQuestion(SpecParts.Namespace(KollectDatabaseSink.ReadJson(json, out _)!.Metadata), None),
        _ => None,
    };

    private static Option<ScopeQuestion> OfTarget(TargetObject? target) => Optional(target).Bind(it => it.Spec.ToOption()).Map(it =>
        new ScopeQuestion(it is Target.Namespaced own ? Some(own.Namespace) : None, it.Settings.Profile));

    private static string Kind(JsonElement given) =>
        given.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString()! : "";
}

/// <summary>The answer to a <see cref="ScopeQuestion"/>.</summary>
/// <param name="Scopes">Those that limit the object.</param>
/// <param name="Kind">Of its profile; None = there is no such profile, or it is invalid.</param>
/// <param name="Unread">Why the scopes are not known; then the operator alone applies them.</param>
internal sealed record ScopeFacts(ScopesInForce Scopes, Option<ResourceKind> Kind, Option<string> Unread = default)
{
    /// <summary>Nothing limits the object.</summary>
    public static ScopeFacts None { get; } = new(ScopesInForce.None, Option<ResourceKind>.None);

    /// <summary>What the scopes deny to a valid object, in the order of the manifest.</summary>
    public Seq<Problem> Denials(string kind, ReadOnlySpan<byte> json) => kind switch
    {
        "KollectTarget" or "KollectClusterTarget" =>
            Optional(TargetObject.Read(json)).Bind(it => it.Spec.ToOption()).Map(it => Scopes.OfTarget(it, Kind)).IfNone(Empty),
        "KollectInventory" => OfInventory(InventoryParts.Of(KollectInventory.ReadJson(json, out _)!)),
        "KollectClusterInventory" => OfInventory(InventoryParts.Of(KollectClusterInventory.ReadJson(json, out _)!)),
        "KollectDatabaseSink" => OfInterval("spec", KollectDatabaseSink.ReadJson(json, out _)!.Spec.ExportMinInterval),
        _ => Empty,
    };

    private Seq<Problem> OfInventory(InventoryParts inventory) => Join(
        inventory.Sinks.Bind(it => Join(
            Scopes.OfSink(it.Path, it.Name, inventory.Namespace.IsNone ? Some(it.Namespace.IfNone(inventory.SinkNamespace)) : Option<string>.None),
            OfInterval(it.Path, it.ExportMinInterval.IfNone("")))),
        IsDefault(inventory.ExportMinInterval) ? Empty : OfInterval("spec", inventory.ExportMinInterval)).Distinct().ToSeq().Strict();

    private Seq<Problem> OfInterval(string parent, string? text) =>
        SpecParts.NonBlank(text).Bind(GoDuration.Parse).Map(it => Scopes.OfInterval($"{parent}.exportMinInterval", it)).IfNone(Empty);

    /// <summary>The schema writes its default into every inventory that sets none: the operator takes the shortest allowed interval instead.</summary>
    private static bool IsDefault(string text) => GoDuration.Parse(text.Trim()) == ExportInterval.Default;
}
