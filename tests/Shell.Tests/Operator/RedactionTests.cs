using System.Globalization;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>No part of a Secret but the host, which its author has to know, reaches conditions, events, logs or metrics.</summary>
public sealed class RedactionTests
{
    [Fact]
    public async Task No_part_of_a_Secret_is_shown_anywhere()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var mongo = await MongoDbServer.StartAsync(new MongoDbOptions { Users = [new MongoDbUser("somebody", "else")] });
        await using var server = await KubernetesServer.StartAsync();
        await using var program = await OperatorProgram.StartAsync(server, "--leader-election", "false", "--log-level", "debug");
        var secrets = new List<string>();
        string Fresh() => secrets.AddAndReturn("s" + string.Concat(Enumerable.Range(0, 4 + random.Next(12)).Select(_ => (char)('a' + random.Next(26)))));
        (string Name, string Url)[] hostile =
        [
            ("wrong-password", database.Url(Fresh(), Fresh(), Fresh())),
            ("no-database", database.Url(database: Fresh())),
            ("no-host", $"postgresql://{Fresh()}:{Fresh()}@no-such-host.invalid/{Fresh()}"),
            ("closed", $"postgresql://{Fresh()}:{Fresh()}@127.0.0.1:1/{Fresh()}"),
            ("garbage", $"{Fresh()}:/{Fresh()}@{Fresh()}"),
            ("bad-parameter", database.Url(Fresh(), Fresh(), Fresh(), $"{Fresh()}={Fresh()}")),
            ("metadata", $"postgresql://{Fresh()}:{Fresh()}@169.254.169.254/{Fresh()}"),
            ("mongo-password", mongo.UriOf(new MongoDbUser(Fresh(), Fresh()), "serverSelectionTimeoutMS=1000")),
            ("mongo-host", $"mongodb://{Fresh()}:{Fresh()}@no-such-host.invalid/?serverSelectionTimeoutMS=1000"),
        ];
        await server.ApplyAsync(string.Concat(hostile.Select(it => Secret(it.Url, it.Name, "uri") + Sink(it.Name))));
        foreach (var (name, _) in hostile)
            await SinkControllerTests.WaitAsync(server, "Ready=False", name, 30);

        var texts = new Dictionary<string, string>
        {
            ["conditions"] = (await server.KubectlAsync("get", "kdb", "-o", "yaml")).Required,
            ["events"] = (await server.KubectlAsync("get", "events.events.k8s.io", "-o", "yaml")).Required,
            ["logs"] = string.Join('\n', program.Log),
            ["metrics"] = await program.GetAsync("metrics"),
        };
        Assert.All(texts.Values, text => Assert.NotEmpty(text));
        Assert.All(texts, text => Assert.All(
            secrets, secret => Assert.False(text.Value.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{text.Key} show {secret}")));
        Assert.Contains("ConnectionTestFailed", texts["logs"], StringComparison.Ordinal);
    }

    private static string Sink(string name) => !name.StartsWith("mongo", StringComparison.Ordinal) ? PostgresSink(name, name) :
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata: {name: {{name}}}
        spec:
          type: mongodb
          mongodb: {databaseRef: {name: {{name}}}, database: inventory, collection: items}
        ---

        """;
}

/// <summary>Adds an item to a list in the expression that uses the item.</summary>
internal static class Lists
{
    public static T AddAndReturn<T>(this List<T> list, T item)
    {
        list.Add(item);
        return item;
    }
}
