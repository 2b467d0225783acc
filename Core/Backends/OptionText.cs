namespace Kollect.Core.Backends;

/// <summary>An option of <c>spec.options</c> in words.</summary>
/// <param name="Values">The possible values.</param>
/// <param name="Default">What holds without the option.</param>
/// <param name="Meaning">What it does, one sentence.</param>
internal sealed record OptionText(string Name, string Values, string Default, string Meaning);

/// <summary>An option that is passed on to a driver or a service.</summary>
/// <param name="Problem">The objection to a value; None = a valid one.</param>
internal sealed record KnownOption(OptionText Text, Func<string, Option<string>> Problem)
{
    public KnownOption(string name, string values, string @default, string meaning, Func<string, Option<string>> problem)
        : this(new OptionText(name, values, @default, meaning), problem)
    {
    }

    /// <summary>An option that is a number of a range.</summary>
    public KnownOption(string name, NumberRange range, string @default, string meaning)
        : this(name, range.Values, @default, meaning, range.Problem)
    {
    }
}
