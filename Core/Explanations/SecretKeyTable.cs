using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;

namespace Kollect.Core.Explanations;

/// <summary>Keys of a Secret that mean the same.</summary>
/// <param name="Keys">As they are written, the first one being the usual one; those of parts of a connection in lower case without signs.</param>
/// <param name="Meaning">What their value is, or why it is refused.</param>
/// <param name="IsRefused">A Secret with a value under such a key is refused.</param>
internal sealed record SecretKey(Seq<string> Keys, string Meaning, bool IsRefused = false);

/// <summary>Every key of a Secret that is read, by the field that refers to the Secret.</summary>
internal static class SecretKeyTable
{
    private static readonly HashMap<string, string> Parts = HashMap(
        ("host", "Name or address of the server, perhaps with its port, or a list of them."),
        ("port", "The port, where the host has none."),
        ("dbname", "The database."),
        ("user", "The user."),
        ("password", "The password."));

    public static Seq<(string Field, Seq<SecretKey> Keys)> All { get; } = Seq(
        ("spec.postgres.databaseRef", Join(
            Whole(PostgresSecret.Keys.WellKnown),
            PostgresKeys.Table.Select(it => Part(it.Parameter, it.Keys, PostgresParameters.Why)).ToArray().ToSeq())),
        ("spec.mongodb.databaseRef", Join(
            Whole(MongoDbSecret.Keys.WellKnown),
            MongoDbKeys.Table.Select(it => Part(it.Option, it.Keys, MongoDbKeys.Why)).ToArray().ToSeq())),
        ("spec.bigquery.secretRef", Seq1(new SecretKey(
            Seq1(BigQuerySecret.Key), "The key of a service account, as the Google Cloud console downloads it: JSON of the type service_account."))),
        ("spec.secretRef", Seq(
            new SecretKey(SecretKeys.Username, "The user, in place of that of the connection; without effect for BigQuery."),
            new SecretKey(SecretKeys.Password, "The password, in place of that of the connection; without effect for BigQuery."))),
        ("spec.tls.caSecretRef", Seq1(new SecretKey(
            SecretKeys.CertificateAuthority, "The certificates of the authorities to trust, in PEM."))));

    private static Seq<SecretKey> Whole(Seq<string> keys) =>
        Seq1(new SecretKey(keys, "A whole connection string; of these keys the first one with a value is read."));

    private static SecretKey Part(string name, Seq<string> keys, Func<string, Option<string>> why) => why(name).Match(
        refusal => new SecretKey(keys, refusal, IsRefused: true),
        () => Parts.Find(name).Match(
            meaning => new SecretKey(keys, meaning),
            () => new SecretKey(
                Join(Seq1(name), keys.Filter(key => key != Plain(name))), "A parameter of the same name, as a connection string could have it.")));

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
