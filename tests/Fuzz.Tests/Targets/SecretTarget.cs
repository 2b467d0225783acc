using System.Text.Json;
using Kollect.Core.Backends;
using Kollect.Core.Secrets;
using Kollect.Fuzz.Tests.Engine;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>
/// Secrets as one backend reads them. An input is <c>{"data": {…}, "credentials": {…}, "key": "…"}</c>, the Secret of databaseRef, that of secretRef, and
/// databaseRef.key. Each value that must not be shown holds one of the words of <see cref="Secret"/>.
/// </summary>
internal abstract class SecretTarget(string name) : FuzzTarget(name)
{
    /// <summary>Parts of passwords, users and names in the seeds; no message has a reason to hold them.</summary>
    private static readonly string[] Secret = ["hunter2Zq", "kanarienPw", "kanarienUsr", "kanarienDb", "kanarienKey"];

    public override InputForm Form => InputForm.JsonTree;

    public override IReadOnlyList<string> Tokens =>
    [
        "data", "credentials", "key", "username", "user", "password", "host", "port", "dsn", "url", "uri", "connectionString", "credentials.json",
        "://", "@", ":",
        "/", "?", "&", "=", ";", ",", "%40", "%2F", "[::1]", "localhost", "65536", "-1", "'", "''", "\"", "\\'", "hunter2Zq", "${PASSWORD}",
        "<password>",
        "https://kanarienUsr:kanarienPw@kanarienDb/", "export DSN=", .. Words,
    ];

    protected abstract IReadOnlyList<string> Words { get; }

    /// <summary>The result of the parser as text, and every message.</summary>
    protected abstract (string Result, Seq<string> Messages) Read(SecretData data, Option<SecretData> credentials, Option<string> key);

    /// <summary>The parts that a redactor masks.</summary>
    protected abstract Seq<SecretText> Parts(SecretData data, Option<string> key);

    public override string Run(byte[] input)
    {
        if (!TryParse(input, out var data, out var credentials, out var key))
            return "no Secret";
        var (result, messages) = Read(data, credentials, key);
        // A key is shown: it is a name.
        var shown = data.Data.Keys.Concat(credentials.ToSeq().Bind(it => it.Data.Keys.ToSeq())).Concat(key.ToSeq()).ToArray();
        var secret = Secret.Where(word => !shown.Any(it => it.Contains(word, StringComparison.OrdinalIgnoreCase))).ToArray();
        Messages.HoldNone(messages, secret);
        Redacts(Parts(data, key));
        Messages.AreVisible(messages);
        return $"{result}\n{string.Join('\n', messages)}";
    }

    /// <summary>No part of four characters or more survives in a message that repeats it.</summary>
    private static void Redacts(Seq<SecretText> parts)
    {
        var redactor = Redactor.For(parts);
        foreach (var part in parts.Map(it => it.Reveal().Trim()).Filter(it => it.Length is >= 4 and < 500 && it.Any(char.IsLetterOrDigit)).Take(8))
        {
            var scrubbed = redactor.Scrub($"FATAL: login of \"{part}\" failed ({part})");
            Assert.False(scrubbed.Contains(part, StringComparison.OrdinalIgnoreCase), $"{part} survives in {scrubbed}");
            Assert.Equal(scrubbed, redactor.Scrub(scrubbed));
        }
    }

    private static bool TryParse(byte[] input, out SecretData data, out Option<SecretData> credentials, out Option<string> key)
    {
        (data, credentials, key) = (null!, None, None);
        try
        {
            using var json = JsonDocument.Parse(input);
            data = Of(json.RootElement.GetProperty("data"), "connection");
            if (json.RootElement.TryGetProperty("credentials", out var login) && login.ValueKind == JsonValueKind.Object)
                credentials = Of(login, "login");
            if (json.RootElement.TryGetProperty("key", out var chosen) && chosen.ValueKind == JsonValueKind.String)
                key = chosen.GetString()!;
            return true;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private static SecretData Of(JsonElement fields, string name) => new(
        new SecretRef("shop", name),
        fields.EnumerateObject().Where(it => it.Value.ValueKind == JsonValueKind.String)
            .Aggregate(HashMap<string, SecretText>(), (map, it) => map.AddOrUpdate(it.Name, new SecretText(it.Value.GetString()!))),
        HashMap<string, string>());
}
