using Kollect.Core.Secrets;

namespace Kollect.Core.Backends;

/// <summary>The parts of a Secret with a connection string that no message may contain.</summary>
internal static class ConnectionParts
{
    private static readonly string[] Identifying = ["host", "dbname", "user", "password"];

    /// <summary>Whole values, the parameters of the connection strings among them, and the parameters that have a key of their own.</summary>
    /// <param name="connectionStrings">Keys of whole connection strings.</param>
    /// <param name="parameterOf">The parameter that a key holds.</param>
    /// <param name="read">The parameters of a connection string; none where it cannot be read.</param>
    public static Seq<SecretText> Of(
        SecretData secret, Seq<string> connectionStrings, Func<string, Option<string>> parameterOf, Func<string, IEnumerable<Parameter>> read) =>
        Join(
            connectionStrings.Choose(key => Set(secret, key)).Bind(text => Join(Seq1(text), Identity(read(text.Reveal().Trim())))),
            Identity(secret.Data.Keys.Choose(key =>
                from name in parameterOf(key)
                from value in Set(secret, key)
                select new Parameter(name, value))));

    private static Option<SecretText> Set(SecretData secret, string key) => secret.Data.Find(key).Filter(text => !text.IsBlank);

    private static Seq<SecretText> Identity(IEnumerable<Parameter> parameters) =>
        parameters.Where(pair => Identifying.Contains(pair.Name.Reveal())).SelectMany(Values).ToArray().ToSeq();

    /// <summary>A list of hosts is also each host.</summary>
    private static IEnumerable<SecretText> Values(Parameter pair) =>
        pair.IsNamed("host")
            ? [pair.Value, .. pair.Value.Reveal().Split(',').Select(host => new SecretText(host))]
            : [pair.Value];
}
