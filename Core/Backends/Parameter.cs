using Kollect.Core.Secrets;

namespace Kollect.Core.Backends;

/// <summary>One <c>name=value</c> as it was read. Even the name is secret: after a wrong quote it may be a piece of the password.</summary>
/// <param name="Name">As written.</param>
/// <param name="Value">Unquoted and decoded.</param>
/// <param name="At">1-based position of the name, in characters of the connection string; 0 = it does not stand in one.</param>
/// <param name="Quoted">The value stood in quotes.</param>
internal sealed record Parameter(SecretText Name, SecretText Value, int At, bool Quoted = false)
{
    public Parameter(string name, string value, int at, bool quoted = false)
        : this(new SecretText(name), new SecretText(value), at, quoted)
    {
    }

    public Parameter(string name, SecretText value)
        : this(new SecretText(name), value, 0)
    {
    }

    /// <summary>The key of the Secret whose value it is; None = it stands in a connection string.</summary>
    public Option<string> Key { get; init; }

    public bool IsNamed(string name, StringComparison comparison = StringComparison.Ordinal) => string.Equals(Name.Reveal(), name, comparison);

    /// <summary><c>sslmode (character 31) must be …</c>, or under a key of its own <c>must be …</c>.</summary>
    /// <param name="name">Its name if it is a known one, which may be shown.</param>
    /// <param name="why">Begins with a verb.</param>
    public Complaint Complain(string name, string why) =>
        Key.IsSome ? new Complaint(Key, why) : new Complaint(None, At > 0 ? $"{name} (character {At}) {why}" : $"{name} {why}");
}

/// <summary>What is wrong with the content of a Secret.</summary>
/// <param name="Key">The key at fault; None = that of the connection string, or the Secret as a whole.</param>
/// <param name="Why">Without any part of a value.</param>
internal sealed record Complaint(Option<string> Key, string Why);
