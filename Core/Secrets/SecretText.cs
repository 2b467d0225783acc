namespace Kollect.Core.Secrets;

/// <summary>
/// A text from a Secret. It is formatted as <c>***</c> and compared by content; only <see cref="Reveal"/> returns its value.
/// </summary>
internal sealed class SecretText : IEquatable<SecretText>
{
    private readonly string value;

    /// <summary>Wraps <paramref name="value"/>, which may be empty.</summary>
    public SecretText(string value) => this.value = value;

    /// <summary>True = empty or only white space; a key of a Secret with such a value counts as not set.</summary>
    public bool IsBlank => string.IsNullOrWhiteSpace(value);

    /// <summary>The text itself, to be handed to a driver. Never format, log or store the result.</summary>
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
