using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// Reads a connection from a Secret. The first key of <c>dsn</c>, <c>url</c>, <c>connectionString</c>, <c>DATABASE_URL</c>, <c>uri</c>
/// with a value holds a connection string: a libpq URL, libpq's keyword/value form or Npgsql's <c>Key=Value;</c>. Without such a key, the
/// single keys <c>host</c>, <c>port</c>, <c>dbname</c>, … of CloudNativePG, Zalando and the Service Binding specification are read.
/// </summary>
public static class PostgresSecret
{
    /// <summary>Keys of a whole connection string.</summary>
    private static readonly Seq<string> ConnectionString = Seq("dsn", "url", "connectionString", "DATABASE_URL", "uri");

    /// <summary>Parameters of libpq and the keys that may hold them.</summary>
    private static readonly Seq<(string Parameter, Seq<string> Keys)> SingleKeys = Seq(
        ("host", Seq1("host")),
        ("port", Seq1("port")),
        ("dbname", Seq("dbname", "database")),
        ("user", SecretKeys.Username),
        ("password", SecretKeys.Password));

    /// <summary>The connection, or all problems.</summary>
    /// <param name="secret">The Secret that <c>spec.postgres.databaseRef</c> names.</param>
    /// <param name="credentials">The Secret that <c>spec.secretRef</c> names; its <c>username</c> and <c>password</c> overrule those of the connection.</param>
    public static Either<Seq<ConnectionProblem>, PostgresConnection> Read(SecretData secret, Option<SecretData> credentials)
    {
        var overrides = credentials.Match(ReadCredentials, () => Right<Seq<ConnectionProblem>, Seq<Parameter>>(Seq<Parameter>()));
        var connection = SecretKeys.FirstSet(secret, ConnectionString).Match(
            found => Parameters(found.Value.Reveal().Trim()).MapLeft(Seq1).Bind(Mapped(overrides)).MapLeft(AsProblems(secret.Ref, found.Key)),
            () => OfSingleKeys(secret, overrides));
        var problems = Join(overrides.LeftToSeq().Bind(left => left), connection.LeftToSeq().Bind(left => left));
        return problems.IsEmpty ? connection : problems;
    }

    private static Func<Seq<Parameter>, Either<Seq<string>, PostgresConnection>> Mapped(Either<Seq<ConnectionProblem>, Seq<Parameter>> overrides) =>
        parameters => PostgresMapping.Map(Join(parameters, overrides.IfLeft(Seq<Parameter>())));

    private static Func<Seq<string>, Seq<ConnectionProblem>> AsProblems(SecretRef secret, Option<string> key) =>
        messages => messages.Map(message => new ConnectionProblem(secret, key, message));

    /// <summary>The secret parts of the connection.</summary>
    internal static Seq<SecretText> Parts(SecretData secret) =>
        ConnectionParts.Of(secret, ConnectionString, text => Parameters(text).IfLeft(Empty));

    /// <summary>The parameters of a connection string in any of the three forms. Left = position and cause of the error.</summary>
    internal static Either<string, Seq<Parameter>> Parameters(string text)
    {
        if (PostgresUrl.SchemeLength(text).IsSome)
            return PostgresUrl.Read(text);
        if (text.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase))
            return "is a JDBC URL; write postgresql://user:password@host:5432/database";
        if (text.Contains("://", StringComparison.Ordinal) && text.IndexOf("://", StringComparison.Ordinal) < IndexOrEnd(text, '='))
            return "is a URL of another kind; write postgresql://user:password@host:5432/database";

        var libpq = KeywordValue.Read(text);
        var npgsql = AdoPairs.Read(text);
        return IsNpgsql(text, libpq, npgsql) ? npgsql.Map(NpgsqlNames.ToLibpq) : libpq;
    }

    /// <summary>
    /// libpq separates pairs by spaces, Npgsql by semicolons, and values of one form may contain the separator of the other. A text
    /// that reads as libpq's form without an unquoted semicolon is libpq's; otherwise the form with more known names is used.
    /// </summary>
    private static bool IsNpgsql(string text, Either<string, Seq<Parameter>> libpq, Either<string, Seq<Parameter>> npgsql)
    {
        var semicolon = text.Contains(';');
        if (!libpq.TryRight(out var words, out _))
            return semicolon;
        var knownToLibpq = words.Count(pair => PostgresParameters.IsKnown(pair.Name.Reveal()));
        if (!npgsql.TryRight(out var ado, out _))
            return semicolon && knownToLibpq == 0;

        var bareSemicolon = words.Exists(pair => !pair.Quoted && pair.Value.Reveal().Contains(';'));
        if (knownToLibpq > 0 && !bareSemicolon)
            return false;

        var knownToNpgsql = ado.Count(pair => NpgsqlNames.Canonical(pair.Name.Reveal()).IsSome);
        var semicolonFirst = words.HeadOrNone().Exists(pair => pair.Value.Reveal().Contains(';'));
        return knownToNpgsql > knownToLibpq || (knownToNpgsql == knownToLibpq && semicolonFirst);
    }

    private static int IndexOrEnd(string text, char c) => text.IndexOf(c) is var index and >= 0 ? index : text.Length;

    private static Either<Seq<ConnectionProblem>, PostgresConnection> OfSingleKeys(SecretData secret, Either<Seq<ConnectionProblem>, Seq<Parameter>> overrides)
    {
        if (SecretKeys.FirstSet(secret, Seq1("host")).IsNone)
            return Seq1(new ConnectionProblem(
                secret.Ref,
                None,
                $"none of the keys {string.Join(", ", ConnectionString)}, host is set; put a connection string under "
                    + "dsn, or host, port, dbname, username and password under keys of their own"));

        var parameters = SingleKeys.Bind(single =>
            SecretKeys.FirstSet(secret, single.Keys).ToSeq().Map(found =>
                new Parameter(single.Parameter, SecretKeys.WithoutLineBreak(found.Value))));
        return Mapped(overrides)(parameters).MapLeft(AsProblems(secret.Ref, None));
    }

    private static Either<Seq<ConnectionProblem>, Seq<Parameter>> ReadCredentials(SecretData secret)
    {
        var user = SecretKeys.FirstSet(secret, SecretKeys.Username).ToSeq();
        var password = SecretKeys.FirstSet(secret, SecretKeys.Password).ToSeq();
        if (user.IsEmpty && password.IsEmpty)
            return Seq1(new ConnectionProblem(secret.Ref, None, "neither of the keys username, password is set; set one, or remove spec.secretRef"));
        return Join(
            user.Map(found => new Parameter("user", SecretKeys.WithoutLineBreak(found.Value))),
            password.Map(found => new Parameter("password", SecretKeys.WithoutLineBreak(found.Value))));
    }
}
