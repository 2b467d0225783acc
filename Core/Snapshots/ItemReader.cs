using System.Globalization;
using System.Text.Json;

namespace Kollect.Core.Snapshots;

/// <summary>Converts one element of a snapshot into a row, or into the reason why there is none.</summary>
internal static class ItemReader
{
    /// <summary>Never throws: an element that cannot be stored is rejected with its name.</summary>
    /// <param name="element">One well-formed JSON value.</param>
    /// <param name="number">The position of the element, from 1; it identifies an element without a name.</param>
    /// <param name="type">The type of an object that states neither kind nor apiVersion, by its list.</param>
    public static RowOrRejection Read(ReadOnlyMemory<byte> element, ItemRules rules, long number, Option<ItemType> type = default)
    {
        if (element.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
            return new RowOrRejection.Rejected(None, $"{new ItemLabel { Number = number }}", $"is {KindOf(element.Span)}, not a JSON object");

        var (json, replaced) = Sanitizer.Clean(element);
        var facts = ElementScan.Read(json.Span, rules.Limits);
        if (facts.HasNoType && type.TrySome(out var inherited))
        {
            json = KubernetesItem.WithType(json.Span, inherited);
            facts = ElementScan.Read(json.Span, rules.Limits);
        }

        return facts.IsKubernetesObject
            ? FromKubernetes(json, facts, replaced, rules, number)
            : FromItem(json, facts, replaced, rules, number);
    }

    private static RowOrRejection FromItem(
        ReadOnlyMemory<byte> json, in ElementScan facts, int replaced, ItemRules rules, long number)
    {
        var label = new ItemLabel(facts.Kind, facts.Namespace, facts.Name, facts.Uid, number);
        if (facts is { Kind: "Secret", Group: null or "" } && !rules.IncludeSecrets)
            return Secret(label);
        if (Identity(facts.TargetName, facts.Uid, "uid", out var targetName, out var uid) is { } missing)
            return new RowOrRejection.Rejected(None, $"{label}", missing);
        return Checked(
            new Row(targetName, uid, facts.Namespace is { Length: > 0 } ns ? ns : rules.Scope.WithoutNamespace, json, replaced),
            facts.Objection,
            facts.Depth,
            label,
            rules);
    }

    private static RowOrRejection FromKubernetes(
        ReadOnlyMemory<byte> json, in ElementScan facts, int replaced, ItemRules rules, long number)
    {
        var metadata = facts.Metadata!;
        var label = new ItemLabel(facts.Kind, metadata.Namespace, metadata.Name, metadata.Uid, number);
        if (NotObjects.Objection(facts.ApiVersion, facts.Kind, null).TrySome(out var what))
            return new RowOrRejection.Rejected(None, $"{label}", what);
        if (facts is { Kind: "Secret", ApiVersion: "v1" } && !rules.IncludeSecrets)
            return Secret(label);
        var target = rules.Target.IfNone(facts.Kind!.ToLowerInvariant() + "s");
        if (Identity(target, metadata.Uid, "metadata.uid", out var targetName, out var uid) is { } missing)
            return new RowOrRejection.Rejected(None, $"{label}", missing);
        var item = KubernetesItem.Write(json.Span, facts, rules.Scope.InventoryNamespace, targetName);
        return Checked(
            new Row(targetName, uid, metadata.Namespace is { Length: > 0 } ns ? ns : rules.Scope.WithoutNamespace, item, replaced),
            facts.Objection,
            facts.Depth + KubernetesItem.LevelsAround,
            label,
            rules);
    }

    private static RowOrRejection Checked(Row row, string? objection, int depth, in ItemLabel label, ItemRules rules)
    {
        var limits = rules.Limits;
        var identity = limits.ObjectionToIdentity(rules.Scope, row.TargetName, row.SourceUid);
        var reason = identity.IsSome ? identity.IfNone("")
            : objection is not null ? objection
            : depth > limits.MaxDepth ? TooDeep(limits)
            : row.Payload.Length > limits.MaxPayloadBytes ? TooLarge(row.Payload.Length, limits)
            : limits.ObjectionToRow(rules.Scope, row).MatchUnsafe<string?>(objection => objection, () => null);
        return reason is null
            ? new RowOrRejection.Accepted(row)
            : new RowOrRejection.Rejected((row.TargetName, row.SourceUid), $"{label}", reason);
    }

    /// <summary>Why the element has no identity; null = it has one.</summary>
    private static string? Identity(string? target, string? uid, string uidField, out string targetName, out string sourceUid)
    {
        (targetName, sourceUid) = (target ?? "", uid ?? "");
        if (string.IsNullOrEmpty(target))
            return "targetName is missing, empty or not a string, so the item has no identity";
        return string.IsNullOrEmpty(uid) ? $"{uidField} is missing, empty or not a string, so the item has no identity" : null;
    }

    private static RowOrRejection Secret(in ItemLabel label) =>
        new RowOrRejection.Skipped($"{label}", "kind Secret is left out; --include-secrets mirrors it");

    private static string TooDeep(RowLimits limits) => string.Create(
        CultureInfo.InvariantCulture, $"is nested deeper than {limits.MaxDepth:N0} levels");

    private static string TooLarge(int bytes, RowLimits limits) => string.Create(
        CultureInfo.InvariantCulture, $"has {bytes:N0} bytes; the backend stores at most {limits.MaxPayloadBytes:N0}");

    private static string KindOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => "a string",
            JsonTokenType.Number => "a number",
            JsonTokenType.Null => "null",
            _ => "a boolean",
        };
    }
}
