using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Kollect.Core.Formatting;

namespace Kollect.Operator.Kubernetes;

/// <summary>Maps an HTTP answer, or a missing one, to a <see cref="ApiException"/>.</summary>
internal static class ApiErrors
{
    private const int MaxChars = 1_000;

    /// <summary>The API server answers with a Status object, which has a reason and a message; a proxy may answer with any body.</summary>
    public static ApiException Of(HttpStatusCode status, RetryConditionHeaderValue? retryAfter, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (reason, message, isTerminating) = Words(body);
        var wait = retryAfter?.Delta ?? (retryAfter?.Date is { } date ? date - now : null);
        return new ApiException(
            isTerminating ? ApiError.NamespaceTerminating : Kind(status, reason),
            FormattableString.Invariant($"{(message.Length == 0 ? status.ToString() : message)} ({(int)status}{(reason.Length == 0 ? "" : " " + reason)})"),
            (int)status,
            wait > TimeSpan.Zero ? wait : null);
    }

    /// <summary>Maps the Status object of an ERROR event in a watch.</summary>
    public static ApiException OfStatus(JsonElement status)
    {
        var code = status.TryGetProperty("code", out var number) && number.TryGetInt32(out var it) ? it : 500;
        return Of((HttpStatusCode)code, null, JsonSerializer.SerializeToUtf8Bytes(status), default);
    }

    /// <summary>Maps a request that got no answer.</summary>
    public static ApiException Of(Exception broken) => new(
        ApiError.Unavailable,
        "the API server cannot be reached: " + (broken, broken.InnerException) switch
        {
            (_, SocketException { SocketErrorCode: SocketError.ConnectionRefused }) => "connection refused",
            (_, SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }) => "its name has no address",
            (_, SocketException socket) => socket.SocketErrorCode.ToString(),
            (_, AuthenticationException) => "TLS: its certificate is not trusted, or is for another name",
            (HttpRequestException http, _) => http.HttpRequestError.ToString(),
            _ => "the connection broke",
        },
        inner: broken);

    /// <summary>An answer that is not read to its end.</summary>
    public static ApiException TooLarge(int maxBytes) => new(
        ApiError.Malformed, FormattableString.Invariant($"the API server's answer is over {maxBytes >> 20} MiB; is this the API server?"));

    private static ApiError Kind(HttpStatusCode status, string reason) => ((int)status, reason) switch
    {
        (401, _) => ApiError.Unauthorized,
        (403, _) => ApiError.Forbidden,
        (404, _) => ApiError.NotFound,
        (409, "AlreadyExists") => ApiError.AlreadyExists,
        (409, _) => ApiError.Conflict,
        (410, _) => ApiError.Gone,
        (_, "Expired" or "Gone") => ApiError.Gone,
        (422, _) => ApiError.Invalid,
        (429, _) => ApiError.TooManyRequests,
        ( >= 500, _) => ApiError.Unavailable,
        _ => ApiError.BadRequest,
    };

    private static (string Reason, string Message, bool IsTerminating) Words(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            return (Text(root, "reason"), Text(root, "message"), Causes(root).Any(it => Text(it, "reason") == "NamespaceTerminating"));
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return ("", "", false);
        }
    }

    private static IEnumerable<JsonElement> Causes(JsonElement status) =>
        Member(status, "details") is { } details && Member(details, "causes") is { ValueKind: JsonValueKind.Array } causes ? causes.EnumerateArray() : [];

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : null;

    private static string Text(JsonElement root, string name) =>
        Member(root, name) is { ValueKind: JsonValueKind.String } value ? OneLine(value.GetString()!) : "";

    private static string OneLine(string text) => Shown.Plain(Shown.Cut(text, MaxChars));
}
