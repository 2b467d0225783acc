using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Kollect.Operator.Kubernetes;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>An API server that gives the answers of a script, one per list or watch, and then is silent.</summary>
internal sealed class ScriptedApi(params IEnumerable<ScriptedApi.Answer> answers) : PartialApi(null)
{
    private readonly ConcurrentQueue<Answer> script = new(answers);
    private readonly ConcurrentQueue<string> asked = new();

    /// <summary>The requests so far: <c>list</c> or <c>watch VERSION</c>.</summary>
    public string[] Asked => [.. asked];

    /// <summary>One answer; objects are written <c>name/uid/version</c>. End: the failure that ends it; null = a normal end.</summary>
    public sealed record Answer(string Version, string[] Seen, string[] Deleted, string? Bookmark, ApiException? End);

    public static Answer List(string version, params string[] objects) => new(version, objects, [], null, null);

    public static Answer Fails(ApiError kind, string[]? seen = null) => new("", seen ?? [], [], null, new ApiException(kind, kind.ToString()));

    public static Answer Watch(string[]? seen = null, string[]? deleted = null, string? bookmark = null) => new("", seen ?? [], deleted ?? [], bookmark, null);

    public override async IAsyncEnumerable<ListPage> ListAsync(Resource resource, Selection selection, [EnumeratorCancellation] CancellationToken cancel)
    {
        var answer = await NextAsync("list", cancel);
        foreach (var part in answer.Seen.Chunk(2))
            yield return new ListPage(answer.Version, [.. part.Select(Json)]);
        if (answer.End is not null)
            throw answer.End;
        yield return new ListPage(answer.Version, []);
    }

    public override async IAsyncEnumerable<WatchEvent> WatchAsync(
        Resource resource, Selection selection, string resourceVersion, [EnumeratorCancellation] CancellationToken cancel)
    {
        var answer = await NextAsync("watch " + resourceVersion, cancel);
        foreach (var it in answer.Seen)
            yield return new WatchEvent.Seen(Json(it));
        foreach (var it in answer.Deleted)
            yield return new WatchEvent.Deleted(Json(it));
        if (answer.Bookmark is { } version)
            yield return new WatchEvent.Bookmark(version);
        if (answer.End is not null)
            throw answer.End;
    }

    private async Task<Answer> NextAsync(string question, CancellationToken cancel)
    {
        asked.Enqueue(question);
        if (script.TryDequeue(out var answer))
            return answer;
        await Task.Delay(Timeout.Infinite, cancel);
        throw new InvalidOperationException();
    }

    private static byte[] Json(string it)
    {
        var parts = it.Split('/');
        return Encoding.UTF8.GetBytes(
            $$$"""{"metadata":{"namespace":"default","name":"{{{parts[0]}}}","uid":"{{{parts[1]}}}","resourceVersion":"{{{parts[2]}}}"}}""");
    }
}
