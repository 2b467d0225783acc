namespace Kollect.Core.Snapshots;

/// <summary>What a backend cannot store. Every objection is one line: value, limit with its unit.</summary>
public abstract class RowLimits
{
    /// <summary>Largest payload in bytes of UTF-8 JSON.</summary>
    public abstract int MaxPayloadBytes { get; }

    /// <summary>Deepest nesting of objects and arrays; the item itself is level 1.</summary>
    public abstract int MaxDepth { get; }

    /// <summary>None = the number can be stored exactly.</summary>
    /// <param name="literal">As it stands in the JSON text.</param>
    public abstract Option<string> ObjectionToNumber(ReadOnlySpan<byte> literal);

    /// <summary>None = the row fits in the backend's own form, which may be longer than JSON.</summary>
    /// <param name="scope">Its inventory and cluster.</param>
    /// <param name="row">Passed every other check.</param>
    public virtual Option<string> ObjectionToRow(Scope scope, in Row row) => None;

    /// <summary>None = the identity fits into the backend's index.</summary>
    public abstract Option<string> ObjectionToIdentity(Scope scope, string targetName, string sourceUid);
}
