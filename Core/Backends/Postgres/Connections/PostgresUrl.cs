namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// libpq's URL form (PostgreSQL manual, "Connection URIs"):
/// <c>postgresql://user:password@host1:5432,[::1]/database?sslmode=require</c>.
/// </summary>
internal static class PostgresUrl
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>Length of the scheme with its slashes; None = the text is not a URL of this form.</summary>
    public static Option<int> SchemeLength(string text) =>
        Schemes.Where(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)).Select(scheme => Some(scheme.Length)).FirstOrDefault();

    /// <summary>The parameters of the URL, in order; a later one overrules an earlier one. Left = position and cause of the error.</summary>
    public static Either<string, Seq<Parameter>> Read(string text) =>
        from scheme in SchemeLength(text).ToEither("not a PostgreSQL URL")
        let end = EndOfCredentials(text, scheme)
        from credentials in end.Match(at => Credentials(text, scheme, at), () => Seq<Parameter>())
        let authority = end.Match(at => at + 1, () => scheme)
        let authorityEnd = IndexOfAny(text, "/?", authority)
        from hosts in Hosts(text, authority, authorityEnd)
        let query = IndexOfAny(text, "?", authorityEnd)
        from database in Database(text, authorityEnd, query)
        from parameters in Query(text, query)
        select Join(credentials, hosts, database, parameters);

    /// <summary>As in libpq: the first <c>@</c> before the first <c>/</c> ends the credentials.</summary>
    private static Option<int> EndOfCredentials(string text, int first)
    {
        var at = IndexOfAny(text, "@/", first);
        return at < text.Length && text[at] == '@' ? at : None;
    }

    private static Either<string, Seq<Parameter>> Credentials(string text, int first, int end)
    {
        var colon = text.IndexOf(':', first, end - first);
        var userEnd = colon < 0 ? end : colon;
        return
            from user in Decoded("user", text, first, userEnd)
            from password in colon < 0 ? Seq<Parameter>() : Decoded("password", text, colon + 1, end)
            select Join(user, password);
    }

    private static Either<string, Seq<Parameter>> Hosts(string text, int first, int end)
    {
        if (first == end)
            return Seq<Parameter>();
        if (text.IndexOf('@', first, end - first) is var second and >= 0)
            return $"character {second + 1}: a second '@' before the host; write an '@' in the user or password as %40";

        var hosts = new List<string>();
        var ports = new List<string>();
        for (var start = first; start <= end;)
        {
            var stop = start < end ? text.IndexOf(',', start, end - start) : -1;
            stop = stop < 0 ? end : stop;
            if (!Host(text, start, stop).TryRight(out var host, out var problem))
                return problem;
            hosts.Add(host.Name);
            ports.Add(host.Port);
            start = stop + 1;
        }

        return Seq(
            new Parameter("host", string.Join(',', hosts), first + 1),
            new Parameter("port", string.Join(',', ports), first + 1));
    }

    private static Either<string, (string Name, string Port)> Host(string text, int first, int end)
    {
        var piece = text[first..end];
        if (!piece.StartsWith('['))
        {
            var colon = piece.IndexOf(':');
            return PercentCoding.Decode(colon < 0 ? piece : piece[..colon], first + 1)
                .Map(host => (host, colon < 0 ? "" : piece[(colon + 1)..]));
        }

        var close = piece.IndexOf(']');
        if (close < 2)
            return $"character {first + 1}: '[' opens an IPv6 address that is empty or has no closing ']'";
        if (close + 1 < piece.Length && piece[close + 1] != ':')
            return $"character {first + close + 2}: after ']' only ':' and a port may follow";
        return (piece[1..close], close + 2 < piece.Length ? piece[(close + 2)..] : "");
    }

    private static Either<string, Seq<Parameter>> Database(string text, int slash, int end) =>
        slash + 1 >= end ? Seq<Parameter>() : Decoded("dbname", text, slash + 1, end);

    private static Either<string, Seq<Parameter>> Query(string text, int question)
    {
        var parameters = Seq<Parameter>();
        for (var start = question + 1; start < text.Length;)
        {
            var end = IndexOfAny(text, "&", start);
            var assign = text.IndexOf('=', start, end - start);
            if (assign < 0 || text.IndexOf('=', assign + 1, end - assign - 1) >= 0)
                return $"character {start + 1}: a query parameter is name=value with exactly one '='; write another '=' as %3D and '&' as %26";
            var read =
                from name in PercentCoding.Decode(text[start..assign], start + 1)
                from value in PercentCoding.Decode(text[(assign + 1)..end], assign + 2)
                select new Parameter(name, value, start + 1);
            if (!read.TryRight(out var parameter, out var problem))
                return problem;
            parameters = parameters.Add(parameter);
            start = end + 1;
        }

        return parameters;
    }

    private static Either<string, Seq<Parameter>> Decoded(string name, string text, int first, int end) =>
        PercentCoding.Decode(text[first..end], first + 1).Map(value => Seq1(new Parameter(name, value, first + 1)));

    private static int IndexOfAny(string text, string any, int first)
    {
        var index = first < text.Length ? text.AsSpan(first).IndexOfAny(any) : -1;
        return index < 0 ? text.Length : first + index;
    }
}
