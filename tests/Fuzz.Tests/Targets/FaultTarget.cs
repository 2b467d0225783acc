using System.Text.Json;
using Kollect.Core.Backends;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Fuzz.Tests.Engine;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>Errors of servers through the table of each backend: <c>{"code": "…", "text": "…", "labels": […], "secrets": […]}</c>.</summary>
internal sealed class FaultTarget() : FuzzTarget("faults")
{
    private const int MaxMessage = 2_000;

    private static readonly ErrorTable[] Tables =
        [Core.Backends.Postgres.Errors.Table, Core.Backends.MongoDb.Errors.Table, Core.Backends.BigQuery.Errors.Table];

    public override InputForm Form => InputForm.JsonTree;

    public override IReadOnlyList<string> Tokens =>
    [
        "code", "text", "labels", "secrets", "42501", "28P01", "57014", "XX", "18", "8000", "RetryableWriteError", "quotaExceeded", "403",
        "hunter2Zq", "user \"",
        "password authentication failed for user ", "host \"", "database \"", "10.1.2.3", "[fd00::7]:5432", "postgres://", "@",
        "Could not serialize access", "***",
        "— ", "\u202e", "\u001b]0;", "\u0085",
    ];

    // Three tables classify the fault in each stage, twice.
    public override long MaxAllocated(int length) => (64L << 20) + (10_000L * length);

    public override string Run(byte[] input)
    {
        if (!TryParse(input, out var fault, out var secrets))
            return "no fault";
        var redactor = Redactor.For(secrets.Select(it => new SecretText(it)).ToArray().ToSeq());
        var messages = (
            from table in Tables
            from stage in Enum.GetValues<Stage>()
            select table.Classify(stage, fault, redactor).Message).ToArray();
        // A mask, or a word of the table's own, is no secret.
        var own = (
            from table in Tables
            from stage in Enum.GetValues<Stage>()
            select table.Classify(stage, fault with { Text = "", Labels = Empty }, redactor).Message).ToArray();
        Messages.HoldNone(messages, [.. secrets.Where(it => IsLong(it) && !own.Any(message => message.Contains(it, StringComparison.OrdinalIgnoreCase)))]);
        var scrubbed = redactor.Scrub(fault.Text);
        Assert.Equal(scrubbed, redactor.Scrub(scrubbed));
        Messages.HaveAtMost(MaxMessage, messages);
        Messages.AreVisible(messages);
        return string.Join('\n', messages.Append(scrubbed));
    }

    private static bool IsLong(string secret) => secret.Trim() == secret && secret.Length is >= 4 and < 200 && secret.Any(char.IsLetterOrDigit);

    private static bool TryParse(byte[] input, out Fault.Server fault, out string[] secrets)
    {
        (fault, secrets) = (null!, []);
        try
        {
            using var json = JsonDocument.Parse(input);
            var root = json.RootElement;
            secrets = [.. Texts(root, "secrets")];
            fault = new Fault.Server(Text(root, "code"), Text(root, "text"), Texts(root, "labels").ToArray().ToSeq());
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var it) && it.ValueKind == JsonValueKind.String ? it.GetString()! : "";

    private static IEnumerable<string> Texts(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var it) && it.ValueKind == JsonValueKind.Array
            ? it.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)
            : [];
}
