using Kollect.Core.Secrets;

namespace Kollect.Core.Backends;

/// <summary>The keys of a Secret that lead to a connection, as one backend names them.</summary>
/// <param name="WellKnown">Keys of a whole connection string, in order of precedence, where <c>databaseRef.key</c> names none.</param>
/// <param name="ParameterOf">The parameter that a key holds: <c>DB_NAME</c> -> <c>dbname</c>; None = the key has another meaning, and is not read.</param>
/// <param name="IsConnectionString">True for a value that can be nothing else.</param>
/// <param name="Missing">The message where no key leads to a connection: the keys to set.</param>
internal sealed record ConnectionKeys(
    Seq<string> WellKnown, Func<string, Option<string>> ParameterOf, Func<string, bool> IsConnectionString, string Missing)
{
    /// <summary>The maximum length of a connection string, and of any part of it under a key of its own: a long token as the password fits.</summary>
    private const int MaxLength = 65_536;

    /// <summary>The whole connection string: that of <paramref name="key"/>, or the first well-known one with a value; None = there is none.</summary>
    public Either<Complaint, Option<(string Key, SecretText Value)>> Whole(SecretData secret, Option<string> key)
    {
        var keys = key.Match(Seq1, () => WellKnown);
        if (SecretKeys.FirstSet(secret, keys).TrySome(out var found))
            return TooLong(found.Value).Match<Either<Complaint, Option<(string, SecretText)>>>(why => new Complaint(found.Key, why), () => Some(found));
        if (keys.Choose(name => secret.NotText.Find(name).Map(why => new Complaint(name, why))).HeadOrNone().TrySome(out var unreadable))
            return unreadable;
        return key.Match(
            name => Left<Complaint, Option<(string, SecretText)>>(new Complaint(
                None,
                $"the key {SecretKeys.Shown(name)}, which databaseRef.key names, is {(secret.Data.ContainsKey(name) ? "empty" : "missing")}; {secret.Keys}")),
            () => Right<Complaint, Option<(string, SecretText)>>(None));
    }

    /// <summary>The parameters that have a key of their own, in the order of the keys, values without the line break that editors append.</summary>
    /// <remarks>Two keys of one parameter must agree (CloudNativePG writes username and user); Left = each that does not.</remarks>
    public (Seq<Parameter> Parameters, Seq<Complaint> Problems) Singles(SecretData secret, Seq<string> except)
    {
        var (found, problems) = (Seq<Parameter>(), Seq<Complaint>());
        foreach (var key in secret.Data.Keys.Concat(secret.NotText.Keys).Where(key => !except.Contains(key)).Order(StringComparer.Ordinal))
        {
            if (!ParameterOf(key).TrySome(out var name))
                continue;
            if (secret.NotText.Find(key).TrySome(out var why))
                problems = problems.Add(new Complaint(key, why));
            else if (secret.Data.Find(key).Bind(TooLong).TrySome(out var length))
                problems = problems.Add(new Complaint(key, length));
            else if (secret.Data.Find(key).Filter(value => !value.IsBlank).TrySome(out var value))
            {
                var one = new Parameter(name, SecretKeys.WithoutLineBreak(value)) { Key = key };
                if (!found.Find(it => it.IsNamed(name)).TrySome(out var other))
                    found = found.Add(one);
                else if (!SameValue(one, other))
                    problems = problems.Add(new Complaint(
                        key, $"holds another value than the key {SecretKeys.Shown(other.Key.IfNone(""))}, which means the same; keep one of them"));
            }
        }

        return (found, problems);
    }

    /// <summary>
    /// Completes a connection string by the keys beside it. Where both state a host or a port, that of the connection string counts: operators
    /// write a short and a long name. Anything else must agree, or the sink would use less than the Secret demands (<c>sslmode</c>).
    /// </summary>
    /// <param name="whole">The parameters of the connection string.</param>
    /// <param name="wholeKey">Its key.</param>
    /// <param name="isChosen"><c>databaseRef.key</c> names it: what identifies server, user and database is then read there only.</param>
    /// <param name="comparison">How the backend compares names.</param>
    public static (Seq<Parameter> Added, Seq<Complaint> Problems) Complete(
        Seq<Parameter> whole, string wholeKey, Seq<Parameter> singles, bool isChosen, StringComparison comparison = StringComparison.Ordinal)
    {
        var (added, problems) = (Seq<Parameter>(), Seq<Complaint>());
        foreach (var single in singles)
        {
            var name = single.Name.Reveal();
            if (whole.Filter(it => it.IsNamed(name, comparison) && it.Value.Reveal().Length > 0).LastOrNone().TrySome(out var stated))
            {
                if (name is not ("host" or "port") && !(isChosen && IsIdentity(name)) && !SameValue(single, stated))
                    problems = problems.Add(new Complaint(
                        single.Key,
                        $"contradicts the connection string under the key {SecretKeys.Shown(wholeKey)}; remove one of them"
                            + (IsIdentity(name) && !isChosen ? $", or set databaseRef.key to {SecretKeys.Shown(wholeKey)}" : "")));
            }
            else if (name != "port" || !whole.Exists(it => it.IsNamed("host")))
                added = added.Add(single);
        }

        return (added, problems);
    }

    /// <summary>The message where nothing leads to a connection, with the keys that the Secret has.</summary>
    public string NoConnection(SecretData secret) =>
        $"{Missing}; {secret.Keys}"
        + secret.Data.AsEnumerable().Where(it => IsConnectionString(it.Value.Reveal().Trim())).Select(it => it.Key).Order(StringComparer.Ordinal)
            .Select(key => $", of which {SecretKeys.Shown(key)} holds a connection string: set databaseRef.key to it").FirstOrDefault("");

    private static Option<string> TooLong(SecretText value) =>
        value.Reveal().Length is var length && length > MaxLength
            ? FormattableString.Invariant($"has {length:N0} characters; at most {MaxLength:N0} are possible")
            : None;

    private static bool IsIdentity(string name) => name is "host" or "port" or "dbname" or "user" or "password";

    private static bool SameValue(Parameter one, Parameter other) =>
        one.IsNamed("host") ? string.Equals(Name(one), Name(other), StringComparison.OrdinalIgnoreCase)
        : string.Equals(
            one.Value.Reveal().Trim(),
            other.Value.Reveal().Trim(),
            one.IsNamed("user") || one.IsNamed("password") || one.IsNamed("dbname") ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>Without the port: one key may hold <c>name</c>, another <c>name:port</c>.</summary>
    private static string Name(Parameter host) => HostAddress.Read(host.Value.Reveal().Trim()).Match(it => it.Name, _ => host.Value.Reveal());
}
