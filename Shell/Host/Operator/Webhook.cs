using Kollect.Core.Manifests.Admission;
using Kollect.Operator.Collection;
using Kollect.Shell.Concurrency;
using Microsoft.AspNetCore.Http;

namespace Kollect.Host.Operator;

/// <summary>The validating webhook: transports reviews and answers; Core decides.</summary>
/// <remarks>
/// Anybody who reaches the port may send slowly, so an address holds a quarter of the slots at most: the API server keeps its own. It sends a review
/// at once, and the judgement takes milliseconds, so the reviews of one namespace do not hold its slots; the API server shares itself between users
/// (Kubernetes, "API Priority and Fairness").
/// </remarks>
internal sealed class Webhook(ScopeReader scopes)
{
    public const string Path = "/validate";

    /// <summary>
    /// Bytes. An AdmissionReview of an update holds the object twice, and the API server's own limit for a request is 3 MiB.
    /// </summary>
    public const long MaxReview = 2 * (3 << 20);

    /// <summary>Bodies in memory at once; further requests wait.</summary>
    private const int AtOnce = 16;

    /// <summary>Limit for waiting, receiving and answering; equals the API server's default <c>timeoutSeconds</c> of a webhook.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly FairSlots slots = FairSlots.Shared(AtOnce);

    public async Task AnswerAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "the content type must be application/json");
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(Timeout);
        try
        {
            using var slot = await slots.EnterAsync(context.Connection.RemoteIpAddress?.ToString() ?? "", limit.Token);
            await AnswerAsync(context, limit.Token);
        }
        catch (BadHttpRequestException tooLarge)
        {
            await RefuseAsync(context, tooLarge.StatusCode, tooLarge.Message);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            await RefuseAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                FormattableString.Invariant($"the review was not received and answered within {Timeout.TotalSeconds:0} s"));
        }
    }

    private async Task AnswerAsync(HttpContext context, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancel);
        var review = body.GetBuffer().AsMemory(0, (int)body.Length);
        var facts = await ScopeQuestion.Of(review.Span).MatchAsync(
            Some: question => scopes.ReadAsync(question, cancel),
            None: () => ScopeFacts.None);
        await AdmissionReview.Answer(review.Span, facts).Match(
            Right: answer =>
            {
                context.Response.ContentType = "application/json";
                return context.Response.Body.WriteAsync(answer, cancel).AsTask();
            },
            Left: why => RefuseAsync(context, StatusCodes.Status400BadRequest, why));
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why + "\n", context.RequestAborted);
    }
}
