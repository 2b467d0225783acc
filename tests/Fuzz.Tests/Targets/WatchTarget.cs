using System.Text;
using System.Text.Json;
using Kollect.Core.Collection;
using Kollect.Fuzz.Tests.Engine;
using Kollect.Operator.Kubernetes;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>The lines of a watch of the API server, and the objects in them.</summary>
internal sealed class WatchTarget() : FuzzTarget("watches")
{
    private static readonly ResourceKind Deployment = new("apps", "v1", "Deployment");
    private static readonly ResourceKind Secret = new("", "v1", "Secret");

    public override InputForm Form => InputForm.Json;

    public override IReadOnlyList<string> Tokens =>
    [
        "type", "object", "ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR", "metadata", "name", "namespace", "uid", "resourceVersion",
        "managedFields", "labels",
        "annotations", "data", "code", "410", "Expired", "reason", "message", "Status", "details", "causes", "NamespaceTerminating", "\n",
    ];

    public override string Run(byte[] input)
    {
        var (events, failure) = Read(input, int.MaxValue);
        var (again, same) = Read(input, 7);
        Assert.Equal((string.Join('\n', events.Select(Shown)), failure?.Message), (string.Join('\n', again.Select(Shown)), same?.Message));
        var objects = events.Select(ObjectOf).OfType<byte[]>().ToArray();
        Assert.Equal(Expected(input, stopsEarly: failure is not null), objects.Length);
        var result = string.Join('\n', events.Select(Shown).Concat(objects.Select(Collected)).Append(failure?.Message ?? ""));
        Messages.AreVisible([failure?.Message ?? ""]);
        return result;
    }

    private static (List<WatchEvent> Events, ApiException? Failure) Read(byte[] input, int pieces)
    {
        var events = new List<WatchEvent>();
        var lines = new WatchLines(new PieceStream(input, pieces), TimeSpan.FromMinutes(5), TimeProvider.System);
        try
        {
            while (lines.NextAsync(default).GetAwaiter().GetResult() is { } next)
                events.Add(next);
            return (events, null);
        }
        catch (ApiException failure)
        {
            return (events, failure);
        }
        finally
        {
            lines.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static byte[]? ObjectOf(WatchEvent it) => it switch
    {
        WatchEvent.Seen seen => seen.Object,
        WatchEvent.Deleted deleted => deleted.Object,
        _ => null,
    };

    private static string Shown(WatchEvent it) => it switch
    {
        WatchEvent.Seen seen => "seen " + Encoding.UTF8.GetString(seen.Object),
        WatchEvent.Deleted deleted => "deleted " + Encoding.UTF8.GetString(deleted.Object),
        _ => it.ToString(),
    };

    /// <summary>The object as a cache and a collection read it.</summary>
    private static string Collected(byte[] json)
    {
        JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = FuzzSettings.MaxInput }).Dispose();
        string head;
        try
        {
            head = ObjectHead.Of(json).ToString();
        }
        catch (ApiException refused) when (refused.Kind == ApiError.Malformed)
        {
            head = refused.Message;
        }

        return head + CollectedObject.Parse(json).Match(
            Right: parsed =>
            {
                using (parsed)
                using (var one = CollectedObject.Collectable(Deployment, parsed))
                using (var secret = CollectedObject.Collectable(Secret, parsed))
                {
                    Assert.False(secret.RootElement.TryGetProperty("data", out _) || secret.RootElement.TryGetProperty("stringData", out _));
                    return one.RootElement.GetRawText();
                }
            },
            Left: why => why);
    }

    /// <summary>The objects up to the first line that is no event, counted line by line in the whole text.</summary>
    private static int Expected(byte[] input, bool stopsEarly)
    {
        var objects = 0;
        foreach (var line in Encoding.Latin1.GetString(input).Split('\n')[..^1].Where(line => line.Length > 0))
        {
            try
            {
                using var json = JsonDocument.Parse(Encoding.Latin1.GetBytes(line), new JsonDocumentOptions { MaxDepth = 10_000 });
                var (type, it) = (json.RootElement.GetProperty("type").GetString(), json.RootElement.GetProperty("object"));
                if (type == "ERROR" || (type == "BOOKMARK" && it.GetProperty("metadata").GetProperty("resourceVersion").GetString() is "never"))
                    break;
                objects += type is "ADDED" or "MODIFIED" or "DELETED" ? 1 : 0;
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                Assert.True(stopsEarly, "a line that is no event did not end the watch");
                break;
            }
        }

        return objects;
    }
}
