namespace Kollect.Core.Snapshots;

/// <summary>The limits of a backend. Each objection is one line with the value, the limit and its unit.</summary>
internal abstract class RowLimits
{
    /// <summary>The maximum size of a payload, in bytes of UTF-8 JSON.</summary>
    public abstract int MaxPayloadBytes { get; }

    /// <summary>The maximum number of nested objects and arrays; the item itself is level 1.</summary>
    public abstract int MaxDepth { get; }

    /// <summary>None = the backend stores the number exactly.</summary>
    /// <param name="literal">The number as it is written in the JSON text.</param>
    public abstract Option<string> ObjectionToNumber(ReadOnlySpan<byte> literal);

    /// <summary>None = the row fits in the backend's own format, which may be longer than JSON.</summary>
    /// <param name="row">A row that has passed every other check.</param>
    public virtual Option<string> ObjectionToRow(Scope scope, in Row row) => None;

    /// <summary>None = the identity fits into the backend's index.</summary>
    public abstract Option<string> ObjectionToIdentity(Scope scope, string targetName, string sourceUid);
}
