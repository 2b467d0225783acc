using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;
using Values = LanguageExt.HashMap<string, Kollect.Core.Secrets.SecretText>;

namespace Kollect.Shell.Tests.Backends;

/// <summary>One option with one value, in one place.</summary>
/// <param name="Place">E.g. <c>spec.options</c>, <c>URL</c>, <c>key of the Secret</c>.</param>
/// <param name="Spec">The spec of the sink, whose Secret has the name <c>it</c>.</param>
/// <param name="Secret">The content of the Secret.</param>
internal sealed record HostileInput(string Place, string Option, string Value, JsonObject Spec, Values Secret)
{
    public override string ToString() => $"{Place}, {Option} = {(Value.Length > 40 ? $"{Value[..40]}…" : Value)}";
}

/// <summary>
/// Every option of every backend with every hostile value. The options come from the lists of the product, so that a new one is here by itself.
/// </summary>
internal static class HostileValues
{
    private const string Connections = "Postgres.Connections";

    public static readonly (string Name, string Text)[] All =
    [
        ("empty", ""), ("spaces", "   "), ("-1", "-1"), ("0", "0"), ("1", "1"), ("2^31-1", "2147483647"), ("2^31", "2147483648"),
        ("2^63", "9223372036854775808"), ("1e309", "1e309"), ("NaN", "NaN"), ("24 days", "2073600000"), ("400 digits", new string('9', 400)),
        ("unicode digits", "١٢٣"), ("control characters", "a\u0007\u001b[31m\nb"), ("long", new string('x', 100_000)), ("true\\0", "true\0"),
    ];

    private static readonly string[] Parts = ["host", "port", "user", "password", "database"];

    private static readonly string[] KeyFields =
    [
        "type", "project_id", "private_key_id", "private_key", "client_email", "client_id", "auth_uri", "token_uri", "auth_provider_x509_cert_url",
        "client_x509_cert_url", "universe_domain", "quota_project_id",
    ];

    /// <param name="port">A port of this machine where nothing answers.</param>
    public static IEnumerable<HostileInput> OfPostgres(int port)
    {
        const string Spec = """{ "type": "postgres", "cluster": "kind", "postgres": { "databaseRef": { "name": "it" }, "table": "items" } }""";
        var url = Invariant($"postgresql://app:geheim@127.0.0.1:{port}/shop");
        var libpq = Invariant($"host=127.0.0.1 port={port} dbname=shop user=app password=geheim");
        var npgsql = Invariant($"Host=127.0.0.1;Port={port};Database=shop;Username=app;Password=geheim");
        var single = Seq(("host", "127.0.0.1"), ("port", Invariant($"{port}")), ("dbname", "shop"), ("user", "app"), ("password", "geheim"));
        return InOptions(Spec, [.. ServerParameters.WellKnown, "skip_unchanged", "my.parameter"], Whole(url))
            .Concat(InSecret(Spec, "URL", Names($"{Connections}.PostgresParameters"), (name, value) => Whole($"{url}?{Coded(name)}={Coded(value)}")))
            .Concat(InSecret(Spec, "URL, twice", Names($"{Connections}.PostgresParameters"), (name, value) =>
                Whole($"{url}?{Coded(name)}=1&{Coded(name)}={Coded(value)}")))
            .Concat(InSecret(Spec, "options of the URL", ServerParameters.WellKnown, (name, value) =>
                Whole($"{url}?options={Coded($"-c {name}={Escaped(value).Replace(" ", @"\ ", StringComparison.Ordinal)}")}")))
            .Concat(InSecret(Spec, "keywords", Names($"{Connections}.PostgresParameters"), (name, value) =>
                Whole($"{libpq} {name}='{Escaped(value).Replace("'", @"\'", StringComparison.Ordinal)}'")))
            .Concat(InSecret(Spec, "keywords of .NET", Names($"{Connections}.NpgsqlNames"), (name, value) => Whole($"{npgsql};{name}=\"{value}\"")))
            .Concat(InSecret(Spec, "key of the Secret", Names($"{Connections}.PostgresKeys"), (name, value) =>
                Keys(single.Filter(it => it.Item1 != name).Add((name, value)))))
            .Concat(InSecret(Spec, "part of the URL", Parts, (name, value) => Whole(Url("postgresql", port, name, value))));
    }

    /// <inheritdoc cref="OfPostgres"/>
    public static IEnumerable<HostileInput> OfMongoDb(int port)
    {
        const string Spec = """
            { "type": "mongodb", "cluster": "kind", "mongodb": { "databaseRef": { "name": "it" }, "database": "inventory", "collection": "items" } }
            """;
        const string Soon = "serverSelectionTimeoutMS=300";
        var uri = Invariant($"mongodb://app:geheim@127.0.0.1:{port}/");
        var single = Seq(
            ("host", "127.0.0.1"), ("port", Invariant($"{port}")), ("user", "app"), ("password", "geheim"), ("serverselectiontimeoutms", "300"));
        return InOptions(Spec, [.. Names("MongoDb.KnownOptions"), "skip_unchanged"], Whole($"{uri}?{Soon}"))
            .Concat(InSecret(Spec, "URL", Names("MongoDb.Connections.MongoDbKeys"), (name, value) => Whole($"{uri}?{Soon}&{name}={Coded(value)}")))
            .Concat(InSecret(Spec, "URL, twice", Names("MongoDb.Connections.MongoDbKeys"), (name, value) =>
                Whole($"{uri}?{name}=1&{Soon}&{name}={Coded(value)}")))
            .Concat(InSecret(Spec, "key of the Secret", Names("MongoDb.Connections.MongoDbKeys", "Keys"), (name, value) =>
                Keys(single.Filter(it => it.Item1 != name).Add((name, value)))))
            .Concat(InSecret(Spec, "part of the URL", Parts, (name, value) => Whole($"{Url("mongodb", port, name, value)}?{Soon}")))
            .Concat(InSecret(Spec, "number of hosts", ["hosts"], (_, value) => Whole(
                $"mongodb://{string.Join(',', Enumerable.Repeat(Invariant($"127.0.0.1:{port}"), Math.Max(1, value.Length)))}/?{Soon}")));
    }

    /// <inheritdoc cref="OfPostgres"/>
    public static IEnumerable<HostileInput> OfBigQuery(int port)
    {
        var spec = Invariant($$"""
            { "type": "bigquery", "cluster": "kind", "endpoint": "http://127.0.0.1:{{port}}/",
              "bigquery": { "project": "acme-prod", "dataset": "inventory", "table": "items", "secretRef": { "name": "it" } } }
            """);
        using var rsa = RSA.Create(2048);
        var pem = rsa.ExportPkcs8PrivateKeyPem();
        return InOptions(spec, [.. Names("BigQuery.KnownOptions"), "label.team", "skip_unchanged"], Key("", ""))
            .Concat(InSecret(spec, "field of the key", KeyFields, Key))
            .Concat(InSecret(spec, "key", ["credentials.json"], (name, value) => Keys(Seq1((name, value)))));

        Values Key(string field, string value)
        {
            var key = new JsonObject
            {
                ["type"] = "service_account",
                ["project_id"] = "acme-prod",
                ["private_key_id"] = "0",
                ["private_key"] = pem,
                ["client_email"] = "kollect@acme-prod.iam.gserviceaccount.com",
                ["client_id"] = "1",
                ["token_uri"] = Invariant($"http://127.0.0.1:{port}/token"),
            };
            if (field.Length > 0)
                key[field] = value;
            return Keys(Seq1(("credentials.json", key.ToJsonString())));
        }
    }

    private static IEnumerable<HostileInput> InOptions(string spec, IEnumerable<string> names, Values secret) =>
        from name in Required(names)
        from value in All
        let sink = JsonNode.Parse(spec)!.AsObject()
        let given = sink["options"] = new JsonObject { [name] = value.Text }
        select new HostileInput("spec.options", name, value.Name, sink, secret);

    private static IEnumerable<HostileInput> InSecret(string spec, string place, IEnumerable<string> names, Func<string, string, Values> secret) =>
        from name in Required(names)
        from value in All
        select new HostileInput(place, name, value.Name, JsonNode.Parse(spec)!.AsObject(), secret(name, value.Text));

    private static string[] Required(IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(all);
        return all;
    }

    /// <summary>The names that a list of the product holds; it is internal there.</summary>
    private static IEnumerable<string> Names(string list, string property = "Names") =>
        (IEnumerable<string>)typeof(SecretText).Assembly.GetType($"Kollect.Core.Backends.{list}", throwOnError: true)!
            .GetProperty(property, BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;

    private static string Url(string scheme, int port, string part, string value)
    {
        var server = $"{Or("host", "127.0.0.1")}:{Or("port", Invariant($"{port}"))}";
        return $"{scheme}://{Or("user", "app")}:{Or("password", "geheim")}@{server}/{Or("database", "shop")}";

        string Or(string name, string plain) => name == part ? Coded(value) : plain;
    }

    private static Values Whole(string connection) => Keys(Seq1(("uri", connection)));

    private static Values Keys(Seq<(string Key, string Value)> keys) => toHashMap(keys.Map(it => (it.Key, new SecretText(it.Value))));

    private static string Coded(string text) => Uri.EscapeDataString(text);

    private static string Escaped(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
