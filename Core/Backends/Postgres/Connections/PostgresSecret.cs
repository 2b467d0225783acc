using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// Reads a connection from a Secret. The key that <c>databaseRef.key</c> names, else the first key of <c>dsn</c>, <c>url</c>,
/// <c>connectionString</c>, <c>DATABASE_URL</c>, <c>uri</c> with a value, holds a connection string: a libpq URL, libpq's keyword/value form or
/// Npgsql's <c>Key=Value;</c>. Keys of single parameters (<c>host</c>, <c>port</c>, <c>dbname</c>, <c>sslmode</c>, …) complete it, or stand alone.
/// </summary>
internal static class PostgresSecret
{
    private const string Example = "postgresql://user:password@host:5432/database";

    // Zalando's operator writes such Secrets, one for each user.
    private const string LoginOnly = "; a Secret with only a login belongs into spec.secretRef, and databaseRef names another one with host and database";

    internal static readonly ConnectionKeys Keys = new(
        WellKnown: Seq("dsn", "url", "connectionString", "DATABASE_URL", "uri"),
        PostgresKeys.ParameterOf,
        text => PostgresUrl.SchemeLength(text).IsSome,
        Missing: "none of the keys dsn, url, connectionString, DATABASE_URL, uri, host is set; put a connection string under "
            + "dsn, or host, port, dbname, username and password under keys of their own");

    /// <summary>The connection, or all problems.</summary>
    /// <param name="secret">The Secret that <c>spec.postgres.databaseRef</c> names.</param>
    /// <param name="credentials">The Secret that <c>spec.secretRef</c> names; its <c>username</c> and <c>password</c> overrule those of the connection.</param>
    /// <param name="key"><c>databaseRef.key</c>; None = the well-known keys.</param>
    public static Either<Seq<ConnectionProblem>, PostgresConnection> Read(SecretData secret, Option<SecretData> credentials, Option<string> key = default)
    {
        var overrides = credentials.Match(ReadCredentials, () => Right<Seq<ConnectionProblem>, Seq<Parameter>>(Seq<Parameter>()));
        var connection = Read(secret, key, overrides.IfLeft(Seq<Parameter>()));
        var problems = Join(overrides.LeftToSeq().Bind(left => left), connection.LeftToSeq().Bind(left => left));
        return problems.IsEmpty ? connection : problems;
    }

    /// <summary>The secret parts of the connection.</summary>
    internal static Seq<SecretText> Parts(SecretData secret, Option<string> key = default) =>
        ConnectionParts.Of(secret, Join(key.ToSeq(), Keys.WellKnown), PostgresKeys.ParameterOf, text => Parameters(text).IfLeft(Empty));

    /// <summary>The parameters of a connection string in any of the three forms. Left = position and cause of the error.</summary>
    internal static Either<string, Seq<Parameter>> Parameters(string text)
    {
        if (PostgresUrl.SchemeLength(text).IsSome)
            return PostgresUrl.Read(text).Map(parameters => parameters.Map(OtherDrivers.Translate));
        if (OtherUrl(text).TrySome(out var other))
            return other;

        var libpq = KeywordValue.Read(text);
        var npgsql = AdoPairs.Read(text);
        return IsNpgsql(text, libpq, npgsql) ? npgsql.Map(NpgsqlNames.ToLibpq) : libpq.Map(parameters => parameters.Map(OtherDrivers.Translate));
    }

    private static Either<Seq<ConnectionProblem>, PostgresConnection> Read(SecretData secret, Option<string> key, Seq<Parameter> overrides)
    {
        if (!Keys.Whole(secret, key).TryRight(out var whole, out var unreadable))
            return Seq1(ConnectionProblem.Of(secret.Ref, None, unreadable));
        var (singles, differing) = Keys.Singles(secret, Join(key.ToSeq(), Keys.WellKnown));
        singles = singles.Filter(it => !overrides.Exists(overriding => overriding.IsNamed(it.Name.Reveal()))).Map(Trimmed);
        return whole.Match(
            found => OfConnectionString(
                found.Value.Reveal().Trim(), found.Key, singles, key.IsSome ? Seq<Complaint>() : differing, key.IsSome, overrides),
            () => OfSingleKeys(secret, singles, differing, overrides))
            .Map(it => it with { Place = ConnectionProblem.Place(secret.Ref, whole.Map(found => found.Key)) })
            .MapLeft(problems => problems.Map(problem => ConnectionProblem.Of(secret.Ref, whole.Map(found => found.Key), problem)));
    }

    private static Either<Seq<Complaint>, PostgresConnection> OfConnectionString(
        string text, string key, Seq<Parameter> singles, Seq<Complaint> differing, bool isChosen, Seq<Parameter> overrides)
    {
        if (Wrapping.OfConnectionString(text, IsParameter).TrySome(out var wrapped))
            return Seq1(new Complaint(None, wrapped));
        if (!Parameters(text).TryRight(out var parameters, out var problem))
            return Seq1(new Complaint(None, problem));
        var relevant = isChosen ? singles.Filter(single => !PostgresKeys.IsForeign(single.Name.Reveal())) : singles;
        var (added, contradictions) = ConnectionKeys.Complete(parameters, key, relevant, isChosen);
        return With(Join(differing, contradictions), PostgresMapping.Map(Join(parameters, added, overrides)));
    }

    private static Either<Seq<Complaint>, PostgresConnection> OfSingleKeys(
        SecretData secret, Seq<Parameter> singles, Seq<Complaint> differing, Seq<Parameter> overrides)
    {
        if (!singles.Exists(single => single.IsNamed("host")) && differing.IsEmpty)
            return Seq1(new Complaint(None, Keys.NoConnection(secret) + (singles.Exists(single => single.IsNamed("user")) ? LoginOnly : "")));
        return With(
            Join(differing, singles.Choose(Wrapped)),
            PostgresMapping.Map(Join(singles, overrides))
                .MapLeft(problems => problems.Filter(it => !singles.Exists(one => one.Key == it.Key && Wrapped(one).IsSome))));
    }

    private static Either<Seq<Complaint>, PostgresConnection> With(Seq<Complaint> problems, Either<Seq<Complaint>, PostgresConnection> connection) =>
        problems.IsEmpty ? connection : Join(problems, connection.LeftToSeq().Bind(left => left));

    /// <summary>A password may be any text.</summary>
    private static Option<Complaint> Wrapped(Parameter single) =>
        single.IsNamed("password") ? None
        : Wrapping.OfValue(single.Value.Reveal())
            .Match(
                Some,
                () => single.IsNamed("user") || single.IsNamed("dbname")
                    ? single.Value.Reveal() == single.Value.Reveal().Trim() ? None : Some("begins or ends with white space; remove it")
                    : single.IsNamed("host") && IsTwiceEncoded(single.Value.Reveal()) ? Some(Wrapping.TwiceEncoded) : None)
            .Map(why => new Complaint(single.Key, why));

    // A name of a host, too, can be read as base64; of 8 characters with a capital hardly ever as base64 of another name.
    private static bool IsTwiceEncoded(string host) =>
        host.Any(c => char.IsAsciiLetterUpper(c) || c == '=') && host.Length >= 8 && !host.Contains('.')
        && Wrapping.Base64(host).Exists(inner => inner.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':'));

    private static Parameter Trimmed(Parameter single) => OtherDrivers.Translate(
        single.IsNamed("user") || single.IsNamed("dbname") || single.IsNamed("password")
            ? single
            : single with { Value = new SecretText(single.Value.Reveal().Trim()) });

    private static bool IsParameter(string name) => PostgresParameters.IsKnown(name) || NpgsqlNames.Canonical(name).IsSome;

    /// <summary>What a URL is that libpq does not read; None = it is no URL.</summary>
    private static Option<string> OtherUrl(string text)
    {
        var end = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = end > 0 && end < IndexOrEnd(text, '=') && text.Take(end).All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.')
            ? text[..end].ToLowerInvariant()
            : "";
        return scheme switch
        {
            "" => None,
            "jdbc" => $"is a JDBC URL; write {Example}",
            "r2dbc" => $"is an R2DBC URL; write {Example}",
            "postgres" or "postgresql" => $"has no // behind the scheme; write {Example}",
            _ when scheme.StartsWith("postgres", StringComparison.Ordinal) && scheme.Contains('+') =>
                $"names a driver of another language in its scheme (postgresql+driver://); write {Example}",
            "mongodb" or "mongodb+srv" => "is a connection string of MongoDB; correct spec.type, or name the Secret of PostgreSQL",
            "prisma" or "prisma+postgres" => "is an address of Prisma's own proxy, which speaks no protocol of PostgreSQL; name the database itself",
            "cockroachdb" or "cockroach" or "crdb" =>
                "is a connection string of CockroachDB, which lacks the advisory locks that an export takes; use PostgreSQL",
            _ => text.AsSpan(end).StartsWith("://") ? Some($"is a URL of another kind; write {Example}") : None,
        };
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

    private static Either<Seq<ConnectionProblem>, Seq<Parameter>> ReadCredentials(SecretData secret)
    {
        var user = SecretKeys.FirstSet(secret, SecretKeys.Username).ToSeq();
        var password = SecretKeys.FirstSet(secret, SecretKeys.Password).ToSeq();
        if (user.IsEmpty && password.IsEmpty)
            return Seq1(new ConnectionProblem(
                secret.Ref, None, $"neither of the keys username, password is set; set one, or remove spec.secretRef; {secret.Keys}"));
        return Join(
            user.Map(found => new Parameter("user", SecretKeys.WithoutLineBreak(found.Value))),
            password.Map(found => new Parameter("password", SecretKeys.WithoutLineBreak(found.Value))));
    }
}
