namespace Kollect.Core.Backends.MongoDb;

/// <summary>A collection by its two names; MongoDB calls the pair a namespace.</summary>
internal sealed record Namespace(string Database, string Collection)
{
    /// <summary><c>inventory.items</c></summary>
    public override string ToString() => $"{Database}.{Collection}";
}
