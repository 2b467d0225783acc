using System.Buffers;
using System.Text.Json;
using Kollect.Core.Collection.Scopes;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Models;

namespace Kollect.Core.Manifests.Admission;

/// <summary>The request of the API server to a validating webhook, and the answer (<c>admission.k8s.io/v1</c>).</summary>
internal static class AdmissionReview
{
    private const string ApiVersion = "admission.k8s.io/v1";

    /// <summary>In characters: the API server truncates longer warnings where there are many (kubernetes.io, Dynamic Admission Control, Response).</summary>
    private const int MaxWarning = 256;

    /// <summary>
    /// The answer to a body. Never throws and has no effect, so that a dry run is like any other. Left: the body is no AdmissionReview, and why.
    /// </summary>
    public static Either<string, byte[]> Answer(ReadOnlySpan<byte> body) => Answer(body, ScopeFacts.None);

    /// <summary>The same, with the scopes that limit the object.</summary>
    /// <param name="facts">The answer to the <see cref="ScopeQuestion"/> of the body.</param>
    public static Either<string, byte[]> Answer(ReadOnlySpan<byte> body, ScopeFacts facts)
    {
        if (WellFormed.Check(body) is { } malformed)
            return $"the body {malformed.Message}";
        var reader = new Utf8JsonReader(body);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Text(root, "kind") != "AdmissionReview")
            return "the body is no AdmissionReview";
        if (Text(root, "apiVersion") is not ApiVersion)
            return $"apiVersion must be {ApiVersion}; list it in admissionReviewVersions of the webhook";
        if (Member(root, "request") is not { ValueKind: JsonValueKind.Object } request || Text(request, "uid") is not { Length: > 0 } uid)
            return "the AdmissionReview has no request with a uid";
        return Written(uid, Decide(request, facts), Subject.Of(Member(request, "object")));
    }

    private static Verdict Decide(JsonElement request, ScopeFacts facts)
    {
        // A deletion, or a removal of finalizers, is never refused because of the object's content.
        if (Text(request, "operation") is not ("CREATE" or "UPDATE") || Text(request, "subResource") is { Length: > 0 })
            return Verdict.Admitted;
        if (Member(request, "object") is not { ValueKind: JsonValueKind.Object } given)
            return Verdict.Refused("the request carries no object");
        if (Member(Member(given, "metadata"), "deletionTimestamp") is { ValueKind: JsonValueKind.String })
            return Verdict.Admitted;
        if (Text(given, "apiVersion") != KnownKinds.ApiVersion || !KnownKinds.Find(Text(given, "kind")).TrySome(out var validate))
            return Verdict.Refused(
                $"this webhook knows {KnownKinds.Names}, not {Text(given, "kind")} of {Text(given, "apiVersion")}; "
                    + "correct the rules of the ValidatingWebhookConfiguration");
        var json = JsonSerializer.SerializeToUtf8Bytes(given);
        var verdict = new Verdict(Within(facts, validate(json), Text(given, "kind")!, json));
        var isSpecUntouched = Text(request, "operation") == "UPDATE"
            && Member(request, "oldObject") is { ValueKind: JsonValueKind.Object } old
            && Same(Member(given, "spec"), Member(old, "spec"));
        return isSpecUntouched ? verdict.Overlooked() : verdict;
    }

    /// <summary>A scope limits what is valid: the problems of the manifest come first, and what it would do is known without them only.</summary>
    private static ValidationResult Within(ScopeFacts facts, ValidationResult result, string kind, byte[] json) => result with
    {
        Problems = result.IsValid ? facts.Denials(kind, json) : result.Problems,
        Warnings = Join(facts.Unread.Map(why => new Problem(ScopeDenials.Unreadable.Id, "spec", why)).ToSeq(), result.Warnings).Strict(),
    };

    private static bool Same(JsonElement? one, JsonElement? other) =>
        one is { } a && other is { } b ? Same(a, b) : one is null && other is null;

    private static bool Same(JsonElement one, JsonElement other)
    {
        try
        {
            return JsonElement.DeepEquals(one, other);
        }
        catch (ArgumentOutOfRangeException)
        {
            // It compares numbers with an exponent of up to 32 bits.
            return one.GetRawText() == other.GetRawText();
        }
    }

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } it && it.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static byte[] Written(string uid, Verdict verdict, Subject subject)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("apiVersion", ApiVersion);
        writer.WriteString("kind", "AdmissionReview");
        writer.WriteStartObject("response");
        writer.WriteString("uid", uid);
        writer.WriteBoolean("allowed", verdict.IsAllowed);
        if (!verdict.IsAllowed)
            WriteStatus(writer, verdict, subject);
        if (!verdict.Warnings.IsEmpty)
            writer.List<string>(
                "warnings", [.. verdict.Warnings], static (json, warning) => json.WriteStringValue(Shown.Cut(Shown.Plain(warning), MaxWarning)));
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// A refused object has the status that apimachinery gives an invalid one (api/errors, NewInvalid): kubectl names the object by the details and lists
    /// the causes; where it applies several objects it prints the message alone. A request that is at fault itself is a bad one, and has the message alone.
    /// </summary>
    private static void WriteStatus(Utf8JsonWriter writer, Verdict verdict, Subject subject)
    {
        var isInvalid = !verdict.Problems.IsEmpty;
        writer.WriteStartObject("status");
        writer.WriteString("status", "Failure");
        writer.WriteString("reason", isInvalid ? "Invalid" : "BadRequest");
        writer.WriteNumber("code", isInvalid ? 422 : 400);
        writer.WriteString("message", Shown.PlainLines(isInvalid ? $"{subject} is invalid: {verdict.Message}" : verdict.Message));
        if (isInvalid)
        {
            writer.WriteStartObject("details");
            writer.WriteString("name", Shown.Plain(subject.Name));
            writer.WriteString("group", Shown.Plain(subject.Group));
            writer.WriteString("kind", Shown.Plain(subject.Kind));
            writer.List<Problem>("causes", [.. verdict.Problems], static (json, problem) =>
            {
                json.WriteStartObject();
                json.WriteString("reason", "FieldValueInvalid");
                json.WriteString("message", $"{problem.Id}: {problem.Message}");
                json.WriteString("field", problem.Path);
                json.WriteEndObject();
            });
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>The object of a request, as messages name it.</summary>
    /// <param name="Name">The prefix of a generated name where there is no name yet.</param>
    private sealed record Subject(string Group, string Kind, string Name)
    {
        public static Subject Of(JsonElement? given)
        {
            if (given is not { } it)
                return new Subject("", "", "");
            var (apiVersion, metadata) = ((Text(it, "apiVersion") ?? "").Split('/'), Member(it, "metadata"));
            var name = metadata is { } known ? Text(known, "name") ?? Text(known, "generateName") : null;
            return new Subject(apiVersion.Length > 1 ? apiVersion[0] : "", Text(it, "kind") ?? "", name ?? "");
        }

        // KollectDatabaseSink.kollect.dev "inventory"
        public override string ToString() => $"{Kind}.{Group} \"{Name}\"";
    }
}
