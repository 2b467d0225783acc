namespace Kollect.Core.Secrets;

/// <summary>
/// Text from a Secret. Prints as <c>***</c> wherever it is formatted, compares by content, and gives its value to a
/// driver only through <see cref="Reveal"/>.
/// </summary>
public sealed class SecretText : IEquatable<SecretText>
{
    private readonly string value;

    /// <summary>Wraps <paramref name="value"/>; empty is a value too.</summary>
    public SecretText(string value) => this.value = value;

    /// <summary>True for empty or only white space: such a Secret key counts as not set.</summary>
    public bool IsBlank => string.IsNullOrWhiteSpace(value);

    /// <summary>The text itself, for the driver that needs it. Never format, log or store what this returns.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public bool Equals(SecretText? other) => other is not null && string.Equals(value, other.value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SecretText);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";
}
