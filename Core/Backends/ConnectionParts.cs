using Kollect.Core.Secrets;

namespace Kollect.Core.Backends;

/// <summary>The parts of a Secret with a connection string that no message may contain.</summary>
internal static class ConnectionParts
{
    /// <summary>As service bindings name the parts of a connection.</summary>
    private static readonly Seq<string> SingleKeys = Join(Seq("host", "dbname", "database"), SecretKeys.Username, SecretKeys.Password);

    private static readonly string[] Identifying = ["host", "dbname", "user", "password"];

    /// <summary>Whole values, and the parameters of the connection strings among them.</summary>
    /// <param name="connectionStrings">Keys of whole connection strings.</param>
    /// <param name="read">The parameters of a connection string; none where it cannot be read.</param>
    public static Seq<SecretText> Of(SecretData secret, Seq<string> connectionStrings, Func<string, IEnumerable<Parameter>> read)
    {
        SecretText[] whole = [.. Values(secret, connectionStrings)];
        return whole
            .Concat(Values(secret, SingleKeys))
            .Concat(whole.SelectMany(text => read(text.Reveal().Trim())).Where(pair => Identifying.Contains(pair.Name.Reveal())).SelectMany(Values))
            .ToSeq();
    }

    private static IEnumerable<SecretText> Values(SecretData secret, Seq<string> keys) =>
        keys.Choose(key => secret.Data.Find(key).Filter(text => !text.IsBlank));

    /// <summary>A list of hosts is also each host.</summary>
    private static IEnumerable<SecretText> Values(Parameter pair) =>
        pair.IsNamed("host")
            ? [pair.Value, .. pair.Value.Reveal().Split(',').Select(host => new SecretText(host))]
            : [pair.Value];
}
