using System.Globalization;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>
/// An answer with an error status. Its text is quoted only in the forms of Google's own errors: whatever else answers, a proxy or an inner service, may
/// put its secrets into a page.
/// </summary>
internal static class ServiceError
{
    private const int MaxCode = 64;

    /// <summary>
    /// An error of the API: <c>{"error": {"code": 404, "message": "…", "errors": [{"reason": "notFound", …}], "status": "NOT_FOUND"}}</c> (Google Cloud
    /// APIs, "Errors": HTTP mapping; BigQuery, "Error messages"). Total over any text.
    /// </summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">None = there was none.</param>
    public static Fault.Server Of(int status, Option<string> body)
    {
        var code = Text(status);
        return body.Bind(text => AnswerPart.Read(text, root =>
            {
                var error = root.Required("error");
                error.Required("code").AsNumber();
                var reason = error.Items("errors").Take(1).Select(it => it.Text("reason").IfNone("")).FirstOrDefault("");
                if (reason.Length == 0)
                    error.Required("status").AsText();
                return new Fault.Server(IsCode(reason) ? reason : code, error.Required("message").AsText(), Seq1(code));
            }).ToOption())
            .IfNone(() => new Fault.Server(code, "the answer is not BigQuery's", Seq1(code)));
    }

    /// <summary>An error of a token endpoint: <c>{"error": "invalid_grant", "error_description": "…"}</c> (RFC 6749, 5.2).</summary>
    /// <param name="status">The HTTP status; 0 = unknown.</param>
    /// <param name="error">The code; another form than the RFC's = the answer is of something else.</param>
    /// <param name="description">Null = none.</param>
    public static Fault.Server OfToken(int status, string? error, string? description) =>
        error is not null && IsCode(error) ? new Fault.Server(error, description ?? "no token was given")
        : status >= 500 ? new Fault.Server(Text(status), NoToken)
        : new Fault.Server(Errors.NoTokenCode, NoToken);

    private const string NoToken = "the answer is not a token endpoint's";

    // A word, as all codes of Google and of the RFC are.
    private static bool IsCode(string text) => text.Length is > 0 and <= MaxCode && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
