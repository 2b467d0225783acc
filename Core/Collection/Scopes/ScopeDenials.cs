namespace Kollect.Core.Collection.Scopes;

/// <summary>What a scope can deny.</summary>
/// <param name="Id">Of the problem; never reused.</param>
/// <param name="Title">The requirement.</param>
/// <param name="Remedy">What the author of the object can do, one sentence.</param>
internal sealed record ScopeDenial(string Id, string Title, string Remedy);

/// <summary>All of them.</summary>
internal static class ScopeDenials
{
    private const string Ask = "Ask the owner of the scope in the message to ";

    public static ScopeDenial Kind { get; } = new(
        "KDB701", "a scope allows the kind that is collected", Ask + "add the kind to spec.allowedGVKs, or collect another kind.");

    public static ScopeDenial Namespace { get; } = new(
        "KDB702", "a scope allows the namespaces that are collected",
        Ask + "change spec.allowedNamespaces or spec.deniedNamespaces, or select other namespaces.");

    public static ScopeDenial RefNamespace { get; } = new(
        "KDB703", "a scope allows refs to the namespace", Ask + "add the namespace to spec.allowedStaticRefNamespaces, or refer to another one.");

    public static ScopeDenial Sink { get; } = new(
        "KDB704", "a scope allows the sink", Ask + "add the sink to spec.databaseSinkRefs, or export to a sink that it allows.");

    public static ScopeDenial Interval { get; } = new(
        "KDB705", "the interval is not shorter than a scope allows", "Set exportMinInterval to at least spec.minExportInterval of the scope in the message.");

    public static ScopeDenial Unreadable { get; } = new(
        "KDB706", "each scope can be read",
        "Correct the scope in the message, or let the operator list and watch kollectscopes and kollectclusterscopes.");

    public static Seq<ScopeDenial> All { get; } = Seq(Kind, Namespace, RefNamespace, Sink, Interval, Unreadable);
}
