using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.MongoDb.Connections;

/// <summary>
/// The parts of a MongoDB connection string (MongoDB, "Connection String Specification"):
/// <c>mongodb://user:password@a:27017,b/database?option=value</c> or <c>mongodb+srv://…</c>. User and password are decoded.
/// </summary>
internal sealed record MongoDbUri(string Scheme, Seq<Parameter> Credentials, Seq<Parameter> Hosts, Seq<Parameter> Database, Seq<Parameter> Options)
{
    /// <summary>Its hosts have ports; those of the other scheme are looked up in the DNS.</summary>
    private const string WithPorts = "mongodb://";

    private static readonly string[] Schemes = [WithPorts, "mongodb+srv://"];

    /// <summary>Left = position and cause of the error.</summary>
    public static Either<string, MongoDbUri> Read(string text)
    {
        if (Schemes.FirstOrDefault(scheme => text.StartsWith(scheme, StringComparison.Ordinal)) is not { } scheme)
            return "begins with neither mongodb:// nor mongodb+srv://";
        var slash = text.IndexOfAny(['/', '?'], scheme.Length);
        var authorityEnd = slash < 0 ? text.Length : slash;
        var at = text.LastIndexOf('@', authorityEnd - 1, authorityEnd - scheme.Length);
        if (slash >= 0 && at < 0 && text.IndexOf('@', slash) is var late and >= 0 && text.IndexOf('?', slash) is var q && (q < 0 || late < q))
            return $"character {slash + 1}: '/' or '?' before the '@'; write it in the user or password as %2F or %3F";
        var question = text.IndexOf('?', authorityEnd);
        return
            from credentials in ReadCredentials(text, scheme.Length, at)
            from hosts in ReadHosts(text, at < 0 ? scheme.Length : at + 1, authorityEnd)
            from database in ReadDatabase(text, authorityEnd, question < 0 ? text.Length : question)
            from options in ReadOptions(text, question < 0 ? text.Length : question + 1)
            select new MongoDbUri(scheme, credentials, hosts, database, options);
    }

    /// <summary>The same connection with another user or password; None keeps the present one.</summary>
    public MongoDbUri WithCredentials(Option<string> user, Option<string> password)
    {
        var name = user || Value("user");
        var secret = password || Value("password");
        return this with
        {
            Credentials = Join(
                name.Map(value => new Parameter("user", value, 0)).ToSeq(),
                secret.Map(value => new Parameter("password", value, 0)).ToSeq()),
        };
    }

    /// <summary>The same connection, with its options of these names replaced; names are compared ignoring case, as in drivers.</summary>
    public MongoDbUri WithOptions(IEnumerable<(string Name, string Value)> options) =>
        options.Aggregate(this, (uri, option) => uri with
        {
            Options = Join(
                uri.Options.Filter(it => !it.IsNamed(option.Name, StringComparison.OrdinalIgnoreCase)),
                Seq1(new Parameter(option.Name, option.Value, 0))),
        });

    /// <summary>The same connection, with these options added where the name is absent.</summary>
    public MongoDbUri WithDefaults(IEnumerable<(string Name, string Value)> options) =>
        WithOptions(options.Where(option => !Options.Exists(it => it.IsNamed(option.Name, StringComparison.OrdinalIgnoreCase))));

    /// <summary>The first host with this option, and nothing else.</summary>
    public MongoDbUri WithOnly(Parameter option) => new(Scheme, Empty, Hosts.Take(1), Empty, Seq1(option));

    /// <summary>Credentials, hosts with and without their port, database.</summary>
    public IEnumerable<Parameter> Parts =>
        Credentials.AsEnumerable().Concat(Hosts.AsEnumerable().SelectMany(WithAndWithoutPort)).Concat(Database);

    /// <summary>All hosts, each with its port.</summary>
    public SecretText ServerIdentity =>
        Backends.ServerIdentity.Of(Hosts.Map(host => host.Value.Reveal()).Map(host => Scheme == WithPorts ? WithPort(host) : host));

    /// <summary>The connection string, with all parts percent-encoded.</summary>
    public string Text()
    {
        var password = Value("password").Match(value => ":" + Uri.EscapeDataString(value), () => "");
        var login = Value("user").Match(value => Uri.EscapeDataString(value) + password + "@", () => "");
        var options = string.Join('&', Options.Map(option => $"{option.Name.Reveal()}={Uri.EscapeDataString(option.Value.Reveal())}"));
        var database = Database.HeadOrNone().Match(item => Uri.EscapeDataString(item.Value.Reveal()), () => "");
        return $"{Scheme}{login}{string.Join(',', Hosts.Map(host => host.Value.Reveal()))}/{database}{(options.Length == 0 ? "" : "?" + options)}";
    }

    private Option<string> Value(string name) => Credentials.Find(item => item.IsNamed(name)).Map(item => item.Value.Reveal());

    // A path, percent-encoded as the specification demands.
    private static bool IsSocket(string host) =>
        host.Contains('%', StringComparison.Ordinal) || host.EndsWith(".sock", StringComparison.OrdinalIgnoreCase);

    // The last colon of an IPv6 address stands before its bracket.
    private static string WithPort(string host) => host.LastIndexOf(':') > host.LastIndexOf(']') ? host : $"{host}:27017";

    private static Either<string, Seq<Parameter>> ReadCredentials(string text, int start, int at)
    {
        if (at < 0)
            return Seq<Parameter>();
        if (text.IndexOf('@', start) < at)
            return $"character {text.IndexOf('@', start) + 1}: a second '@' before the host; write an '@' in the user or password as %40";
        var colon = text.IndexOf(':', start, at - start);
        return
            from user in PercentCoding.Decode(text[start..(colon < 0 ? at : colon)], start + 1)
            from password in colon < 0 ? Right<string, string>("") : PercentCoding.Decode(text[(colon + 1)..at], colon + 2)
            select colon < 0
                ? Seq1(new Parameter("user", user, start + 1))
                : Seq(new Parameter("user", user, start + 1), new Parameter("password", password, colon + 2));
    }

    private static Either<string, Seq<Parameter>> ReadHosts(string text, int start, int end)
    {
        var hosts = text[start..end].Split(',');
        return hosts.Any(string.IsNullOrWhiteSpace) ? $"character {start + 1}: a host is empty"
            : hosts.Any(IsSocket) ? $"character {start + 1}: a host is a unix socket, which MongoDB's driver cannot use; name a host and a port"
            : hosts.Select(host => new Parameter("host", host, start + 1)).ToSeq();
    }

    private static Either<string, Seq<Parameter>> ReadDatabase(string text, int slash, int end) =>
        slash + 1 >= end
            ? Seq<Parameter>()
            : PercentCoding.Decode(text[(slash + 1)..end], slash + 2).Map(name => Seq1(new Parameter("dbname", name, slash + 2)));

    private static Either<string, Seq<Parameter>> ReadOptions(string text, int start)
    {
        var options = Seq<Parameter>();
        for (var end = start; start < text.Length; start = end + 1)
        {
            end = text.IndexOfAny(['&', ';'], start) is var next and >= 0 ? next : text.Length;
            var assign = text.IndexOf('=', start, end - start);
            if (assign < 0)
                return $"character {start + 1}: an option is name=value; write '&' in a value as %26";
            if (!PercentCoding.Decode(text[(assign + 1)..end], assign + 2).TryRight(out var value, out var problem))
                return problem;
            options = options.Add(new Parameter(text[start..assign], value, start + 1));
        }

        return options;
    }

    private static Parameter[] WithAndWithoutPort(Parameter host) => [host, new Parameter("host", host.Value.Reveal().Split(':')[0], host.At)];
}
