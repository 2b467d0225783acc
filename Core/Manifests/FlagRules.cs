using System.Text;
using Kollect.Core.Formatting;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Manifests;

/// <summary>
/// The rules of manifests for values that a command line gives in their place. Each returns the problem; None = the value is accepted. A manifest
/// is trimmed; a flag with blanks around it is refused, because it comes from a variable that holds something else than its author sees.
/// </summary>
internal static class FlagRules
{
    /// <summary>The maximum length of <c>spec.cluster</c> in the schema, and of the name of any target.</summary>
    private const int MaxLength = 253;

    /// <summary>The label of <c>spec.cluster</c>; empty = no label.</summary>
    public static Option<string> Cluster(string value) => Untrimmed(value) || ClusterLabel(value) || TooLong(value);

    /// <summary>The same of a manifest's value, trimmed.</summary>
    internal static Option<string> ClusterLabel(string value) => NotText(value).Map(why => $"{why}; every delete is scoped by this label");

    /// <summary>The target name of rows.</summary>
    public static Option<string> Target(string value) =>
        value.Length == 0
            ? "is empty, and every row needs a target name; leave the flag out for the default"
            : Untrimmed(value) || NotText(value) || TooLong(value);

    /// <summary>The name of an object.</summary>
    public static Option<string> Name(string value) => Untrimmed(value) || KubernetesNames.Name(value, "the name of an object");

    /// <summary>The name of a namespace.</summary>
    public static Option<string> Namespace(string value) => Untrimmed(value) || KubernetesNames.Namespace(value);

    /// <summary>The namespace of an inventory, which for one of the cluster is <c>_cluster</c>.</summary>
    public static Option<string> InventoryNamespace(string value) => value == Scope.ClusterInventories ? None : Namespace(value);

    /// <summary>A generation counts from 1 (Kubernetes API conventions, "Metadata"); 0 = it was never set.</summary>
    public static Option<string> Generation(long value) => value < 0 ? "is negative; a generation is 0 or more" : None;

    private static Option<string> NotText(string value) =>
        value.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            ? $"{Shown.Quoted(value)} contains a control character or half a surrogate pair, which not every database can hold"
            : None;

    private static Option<string> TooLong(string value) =>
        value.Length > MaxLength ? FormattableString.Invariant($"has {value.Length:N0} characters; at most {MaxLength} are possible") : None;

    private static Option<string> Untrimmed(string value) =>
        value.Length != value.Trim().Length ? $"{Shown.Quoted(value)} begins or ends with white space; remove it" : None;
}
