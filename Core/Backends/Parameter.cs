using Kollect.Core.Secrets;

namespace Kollect.Core.Backends;

/// <summary>One <c>name=value</c> as it was read. Even the name is secret: after a wrong quote it may be a piece of the password.</summary>
/// <param name="Name">As written.</param>
/// <param name="Value">Unquoted and decoded.</param>
/// <param name="At">1-based position of the name, in characters.</param>
/// <param name="Quoted">The value stood in quotes.</param>
internal sealed record Parameter(SecretText Name, SecretText Value, int At, bool Quoted = false)
{
    public Parameter(string name, string value, int at, bool quoted = false)
        : this(new SecretText(name), new SecretText(value), at, quoted)
    {
    }

    public Parameter(string name, SecretText value)
        : this(new SecretText(name), value, 1)
    {
    }

    public bool IsNamed(string name, StringComparison comparison = StringComparison.Ordinal) => string.Equals(Name.Reveal(), name, comparison);
}
