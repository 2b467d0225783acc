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

    private const string Socket = "is a unix socket, which MongoDB's driver cannot use; name a host and a port";

    private static readonly string[] Identity = ["host", "port", "user", "password"];
    private static readonly string[] Schemes = [WithPorts, "mongodb+srv://"];

    /// <summary>True for a text with the scheme of MongoDB.</summary>
    public static bool IsOne(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.Ordinal));

    /// <summary>The connection string of hosts that stand under keys of their own.</summary>
    /// <param name="host">One host or several, each perhaps with its port.</param>
    /// <param name="port">For the hosts without a port; None = MongoDB's own.</param>
    public static Either<Complaint, MongoDbUri> OfHosts(Parameter host, Option<Parameter> port)
    {
        if (port.Filter(it => HostAddress.PortOf(it.Value.Reveal()).IsNone).TrySome(out var wrong))
            return wrong.Complain("port", "must be a whole number, 1..65535");
        var hosts = Seq<Parameter>();
        if (TooMany(host.Value.Reveal()).TrySome(out var many))
            return host.Complain("host", many);
        foreach (var text in host.Value.Reveal().Split(','))
        {
            if (!HostAddress.Read(text.Trim()).TryRight(out var one, out var problem))
                return host.Complain("host", problem);
            if (HostAddress.IsSocket(one.Name))
                return host.Complain("host", Socket);
            if (one.Port.IsSome && port.Exists(it => HostAddress.PortOf(it.Value.Reveal()) != one.Port))
                return host.Complain("host", "has another port behind the colon than port has; remove one of them");
            var complete = one with { Port = one.Port || port.Bind(it => HostAddress.PortOf(it.Value.Reveal())) };
            hosts = hosts.Add(host with { Value = new SecretText(complete.ToText()) });
        }

        return new MongoDbUri(WithPorts, Seq<Parameter>(), hosts, Seq<Parameter>(), Seq<Parameter>());
    }

    /// <summary>The same connection with further parameters: user and password, and options.</summary>
    public MongoDbUri With(Seq<Parameter> parameters) => this with
    {
        Credentials = Join(Credentials, parameters.Filter(it => it.IsNamed("user") || it.IsNamed("password"))),
        Options = Join(Options, parameters.Filter(it => !Identity.Contains(it.Name.Reveal()))),
    };

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
            from hosts in ReadHosts(scheme, text, at < 0 ? scheme.Length : at + 1, authorityEnd)
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

    /// <summary>What messages may call the connection.</summary>
    /// <param name="isOwn">The Secret lies beside the sink.</param>
    public ConnectionNames Names(bool isOwn) => new(
        Hosts.Map(host => host.Value.Reveal()).Map(host => Scheme == WithPorts ? WithPort(host) : $"{host} (mongodb+srv)"),
        Value("user").Match(user => $"user {user}", () => "no user"),
        Credentials.Filter(item => item.IsNamed("password")).Map(item => item.Value),
        isOwn);

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

    private static Either<string, Seq<Parameter>> ReadHosts(string scheme, string text, int start, int end)
    {
        if (TooMany(text[start..end]).TrySome(out var many))
            return $"character {start + 1}: the host {many}";
        var hosts = text[start..end].Split(',');
        return hosts.Select(host => Objection(scheme, host) || When(scheme != WithPorts && hosts.Length > 1, "stands beside another, and mongodb+srv has one"))
            .FirstOrDefault(why => why.IsSome)
            .Match(
                why => Left<string, Seq<Parameter>>($"character {start + 1}: a host {why}"),
                () => hosts.Select(host => HostAddress.Read(host).Match(it => it.ToText(), _ => host))
                    .Select(host => new Parameter("host", host, start + 1)).ToArray().ToSeq());
    }

    private static Option<string> TooMany(string hosts) =>
        hosts.Count(c => c == ',') + 1 is var count && count > OptionRanges.MostMembers
            ? FormattableString.Invariant($"names {count:N0} hosts; at most {OptionRanges.MostMembers} are possible, as many as a replica set has members")
            : None;

    private static Option<string> Objection(string scheme, string host) =>
        string.IsNullOrWhiteSpace(host) ? Some("is empty")
        : IsSocket(host) ? Some(Socket)
        : HostAddress.Read(host).Match(
            it => When(it.Name.Contains(':') && !host.StartsWith('['), "is an IPv6 address, which stands in brackets here: [::1]")
                || When(scheme != WithPorts && it.Port.IsSome, "has a port, which mongodb+srv looks up itself; remove the port, or write mongodb://"),
            why => why);

    private static Option<string> When(bool condition, string why) => condition ? Some(why) : None;

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
