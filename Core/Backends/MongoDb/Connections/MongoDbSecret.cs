using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.MongoDb.Connections;

/// <summary>A connection string and where it comes from.</summary>
/// <param name="Text">Only options of the allow-list.</param>
/// <param name="Secret">The Secret that it was read from.</param>
/// <param name="Key">The key of the whole connection string; None = it was put together from keys of single parameters.</param>
/// <param name="OptionKeys">Options that have a key of their own, in lower case, and that key.</param>
internal sealed record GivenUri(SecretText Text, SecretRef Secret, Option<string> Key, HashMap<string, string> OptionKeys)
{
    /// <summary><c>Secret shop/mongo, key uri</c></summary>
    /// <param name="option">The option in question; None = the whole.</param>
    internal string Place(Option<string> option) => ConnectionProblem.Place(Secret, option.Bind(name => OptionKeys.Find(name.ToLowerInvariant())) || Key);
}

/// <summary>
/// Reads a MongoDB connection string from a Secret, or puts one together from the keys of its parts. Only options of the allow-list are
/// accepted, so that the driver neither reads a file of this machine nor fetches a cloud identity.
/// </summary>
internal static class MongoDbSecret
{
    private const string Example = "mongodb://user:password@host:27017/?replicaSet=rs0";

    internal static readonly ConnectionKeys Keys = new(
        WellKnown: Seq("uri", "url", "connectionString", "MONGODB_URI"),
        MongoDbKeys.ParameterOf,
        MongoDbUri.IsOne,
        Missing: "none of the keys uri, url, connectionString, MONGODB_URI is set; put the connection string under uri");

    /// <summary>The connection string, with the user and password of <paramref name="credentials"/> if given; or all problems.</summary>
    /// <param name="secret">The Secret that <c>spec.mongodb.databaseRef</c> names.</param>
    /// <param name="credentials">The Secret that <c>spec.secretRef</c> names.</param>
    /// <param name="key"><c>databaseRef.key</c>; None = the well-known keys.</param>
    public static Either<Seq<ConnectionProblem>, GivenUri> Read(SecretData secret, Option<SecretData> credentials, Option<string> key = default)
    {
        if (!Keys.Whole(secret, key).TryRight(out var whole, out var unreadable))
            return Seq1(ConnectionProblem.Of(secret.Ref, None, unreadable));
        var (user, password) = (Text(credentials, SecretKeys.Username), Text(credentials, SecretKeys.Password));
        var (all, differing) = Keys.Singles(secret, Join(key.ToSeq(), Keys.WellKnown));
        var singles = all.Filter(it => !(it.IsNamed("user") && user.IsSome) && !(it.IsNamed("password") && password.IsSome));
        var read = whole.Match(
            found => OfConnectionString(found.Value.Reveal().Trim(), found.Key, singles, key.IsSome ? Seq<Complaint>() : differing, key.IsSome),
            () => OfSingleKeys(secret, singles, differing));
        return read
            .Map(uri => new GivenUri(
                new SecretText(uri.WithCredentials(user, password).Text()),
                secret.Ref,
                whole.Map(found => found.Key),
                uri.Options.Fold(HashMap<string, string>(), (keys, option) => option.Key.Match(
                    own => keys.AddOrUpdate(option.Name.Reveal().ToLowerInvariant(), own),
                    () => keys))))
            .MapLeft(problems => problems.Map(problem => ConnectionProblem.Of(secret.Ref, whole.Map(found => found.Key), problem)));
    }

    /// <summary>The secret parts of the connection string.</summary>
    internal static Seq<SecretText> Parts(SecretData secret, Option<string> key = default) => ConnectionParts.Of(
        secret, Join(key.ToSeq(), Keys.WellKnown), MongoDbKeys.ParameterOf, text => MongoDbUri.Read(text).Match(uri => uri.Parts, _ => []));

    private static Either<Seq<Complaint>, MongoDbUri> OfConnectionString(
        string text, string key, Seq<Parameter> singles, Seq<Complaint> differing, bool isChosen)
    {
        if (Wrapping.OfConnectionString(text, _ => false).TrySome(out var wrapped))
            return Seq1(new Complaint(None, wrapped));
        if (!MongoDbUri.Read(text).TryRight(out var uri, out var problem))
            return Seq1(new Complaint(None, MongoDbUri.IsOne(text) ? problem : $"begins with neither mongodb:// nor mongodb+srv://{Other(text)}"));
        var (added, contradictions) = ConnectionKeys.Complete(
            Join(uri.Credentials, uri.Hosts, uri.Options), key, singles, isChosen, StringComparison.OrdinalIgnoreCase);
        return Checked(Join(differing, contradictions), uri.With(added));
    }

    private static Either<Seq<Complaint>, MongoDbUri> OfSingleKeys(SecretData secret, Seq<Parameter> singles, Seq<Complaint> differing)
    {
        if (!singles.Find(single => single.IsNamed("host")).TrySome(out var host))
            return Seq1(new Complaint(None, Keys.NoConnection(secret)));
        return MongoDbUri.OfHosts(host, singles.Find(single => single.IsNamed("port"))).Match(
            uri => Checked(differing, uri.With(singles)),
            problem => Join(differing, Seq1(problem)));
    }

    private static Either<Seq<Complaint>, MongoDbUri> Checked(Seq<Complaint> problems, MongoDbUri uri)
    {
        var all = Join(
            problems,
            uri.Credentials.Choose(part => Wrapping.Unfilled(part.Value.Reveal()).Map(why => part.Complain(part.IsNamed("user") ? "user" : "password", why))),
            uri.Options.Choose(MongoDbKeys.Objection)).Strict();
        return all.IsEmpty ? uri : all;
    }

    private static string Other(string text) =>
        text.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) || text.StartsWith("jdbc:postgres", StringComparison.OrdinalIgnoreCase)
            ? ": it is a connection string of PostgreSQL; correct spec.type, or name the Secret of MongoDB"
            : $"; write {Example}";

    private static Option<string> Text(Option<SecretData> secret, Seq<string> keys) =>
        secret.Bind(data => SecretKeys.FirstSet(data, keys)).Map(found => SecretKeys.WithoutLineBreak(found.Value).Reveal());
}
