using System.Globalization;
using System.Text;
using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>Reads typed values of parameters and collects the problems. Of parameters with the same name the last one counts.</summary>
internal sealed class ParameterReader
{
    private readonly Dictionary<string, Parameter> byName = new(StringComparer.Ordinal);
    private readonly List<Complaint> problems = [];

    public ParameterReader(Seq<Parameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            PostgresParameters.Objection(parameter).IfSome(problems.Add);
            byName[parameter.Name.Reveal()] = parameter;
        }
    }

    public Seq<Complaint> Problems => problems.ToSeq();

    /// <summary>Every parameter, the last one of each name.</summary>
    public IEnumerable<Parameter> All => byName.Values;

    public void Refuse(string problem) => problems.Add(new Complaint(None, problem));

    public void Refuse(Complaint problem) => problems.Add(problem);

    public void Refuse(Parameter parameter, string why) => problems.Add(parameter.Complain(parameter.Name.Reveal(), why));

    /// <summary>None = absent or empty; libpq treats both alike.</summary>
    public Option<Parameter> Find(string name) =>
        byName.TryGetValue(name, out var parameter) && parameter.Value.Reveal().Length > 0 ? Some(parameter) : None;

    /// <summary>A text; None = absent or refused.</summary>
    /// <param name="maxBytes">In UTF-8.</param>
    public Option<SecretText> Text(string name, int maxBytes) => Find(name).Bind(parameter =>
    {
        var bytes = Encoding.UTF8.GetByteCount(parameter.Value.Reveal());
        if (bytes > maxBytes)
            Refuse(parameter, FormattableString.Invariant($"has {bytes:N0} bytes in UTF-8; at most {maxBytes:N0} are possible"));
        return bytes > maxBytes ? None : Some(parameter.Value);
    });

    /// <summary>The value whose word the parameter states, ignoring case; <paramref name="otherwise"/> if it is absent or refused.</summary>
    public T Choice<T>(string name, T otherwise, params (string Word, T Value)[] choices) =>
        Find(name).Match(
            parameter =>
            {
                foreach (var (word, value) in choices)
                    if (string.Equals(word, parameter.Value.Reveal(), StringComparison.OrdinalIgnoreCase))
                        return value;
                Refuse(parameter, $"must be one of {string.Join(", ", choices.Select(choice => choice.Word))}");
                return otherwise;
            },
            () => otherwise);

    /// <summary>A whole number in a range; None = absent or refused. <paramref name="unit"/> appears in the message.</summary>
    public Option<int> Number(string name, int min, int max, string unit) =>
        Find(name).Bind(parameter =>
        {
            var read = Integer(parameter.Value.Reveal()).Filter(number => number >= min && number <= max);
            if (read.IsNone)
                Refuse(parameter, $"must be a whole number of {unit}, {min}..{max}");
            return read;
        });

    /// <summary>ASCII digits with an optional sign; white space around them is ignored. None = anything else.</summary>
    private static Option<int> Integer(string text) =>
        int.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out var number)
            ? number
            : None;
}
