using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;

namespace Kollect.Core.Backends;

/// <summary>What a Secret holds that no text may show, found without knowing whether the Secret is usable at all.</summary>
internal static class ConnectionParts
{
    private static readonly string[] WholeStrings =
        [.. SecretKeys.PostgresConnectionString.AsEnumerable().Union(SecretKeys.MongoDbConnectionString, StringComparer.Ordinal)];

    private static readonly string[] SingleKeys =
        [.. SecretKeys.PostgresSingleKeys.AsEnumerable().Where(single => single.Parameter != "port").SelectMany(single => single.Keys.AsEnumerable())];

    private static readonly string[] Identifying = ["host", "dbname", "user", "password"];

    public static Seq<SecretText> Of(SecretData secret)
    {
        SecretText[] whole = [.. Values(secret, WholeStrings)];
        return whole
            .Concat(Values(secret, SingleKeys))
            .Concat(whole.SelectMany(text => Inside(text.Reveal().Trim())))
            .Concat(Values(secret, [SecretKeys.BigQueryKey]).SelectMany(text => BigQuerySecret.Parts(text.Reveal())))
            .ToSeq();
    }

    private static IEnumerable<SecretText> Values(SecretData secret, string[] keys) =>
        keys.SelectMany(key => secret.Data.Find(key).Filter(text => !text.IsBlank).AsEnumerable());

    private static IEnumerable<SecretText> Inside(string text) =>
        Parameters(text).Where(pair => Identifying.Contains(pair.Name.Reveal())).SelectMany(Values);

    private static IEnumerable<Parameter> Parameters(string text) =>
        MongoDbUri.Read(text).Match(
            uri => uri.Credentials.AsEnumerable().Concat(uri.Hosts.AsEnumerable().SelectMany(WithoutPort)).Concat(uri.Database),
            _ => PostgresSecret.Parameters(text).Match(parameters => parameters.AsEnumerable(), _ => []));

    private static IEnumerable<Parameter> WithoutPort(Parameter host) =>
        [host, new Parameter("host", host.Value.Reveal().Split(':')[0], host.At)];

    /// <summary>A list of hosts is also each host.</summary>
    private static IEnumerable<SecretText> Values(Parameter pair) =>
        pair.IsNamed("host")
            ? [pair.Value, .. pair.Value.Reveal().Split(',').Select(host => new SecretText(host))]
            : [pair.Value];
}
