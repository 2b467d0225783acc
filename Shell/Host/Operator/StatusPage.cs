using System.Net;
using Kollect.Core.Operator.Status;
using Kollect.Operator;
using Kollect.Operator.Controllers;
using Kollect.Operator.Kubernetes;
using Microsoft.AspNetCore.Http;

namespace Kollect.Host.Operator;

/// <summary>
/// The overview of <c>kollect status</c> as a page to read: no script, nothing to change, and no other content than conditions have. It names the
/// inventories of all namespaces, so that only this machine gets it: kubectl port-forward, for which the API server asks for a right, connects from
/// inside of the pod (Kubernetes, Container Runtime Interface: PortForward).
/// </summary>
internal sealed class StatusPage(IKubernetesApi api, OperatorOptions options, TimeProvider time) : IDisposable
{
    /// <summary>However many readers there are, the objects are listed once in this time.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim gate = new(1);
    private (DateTimeOffset At, StatusTree Tree)? last;

    /// <summary>200 with the tree, 503 where the API server does not answer, or 403 for other machines.</summary>
    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (!IsLocal(context))
            return Results.Text(
                "The overview names the inventories of all namespaces, so it is for this machine only. Forward the port, and open http://localhost:8080/:\n"
                + "kubectl port-forward -n kollect-system deployment/kollect-operator 8080\n",
                statusCode: StatusCodes.Status403Forbidden);
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            var (at, tree) = await TreeAsync(context.RequestAborted);
            return Page(StatusHtml.Of(tree, at), StatusCodes.Status200OK);
        }
        catch (ApiException failed)
        {
            return Page(StatusHtml.OfFailure(failed.Message), StatusCodes.Status503ServiceUnavailable);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Page(StatusHtml.OfFailure("the API server did not answer in time"), StatusCodes.Status503ServiceUnavailable);
        }
    }

    public void Dispose() => gate.Dispose();

    /// <summary>The name as well: a page of another site whose name was made to resolve to this machine is not its own.</summary>
    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && (context.Request.Host.Host is "localhost" || (IPAddress.TryParse(context.Request.Host.Host, out var named) && IPAddress.IsLoopback(named)));

    private async Task<(DateTimeOffset At, StatusTree Tree)> TreeAsync(CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        await gate.WaitAsync(stop.Token);
        try
        {
            if (last is not { } known || time.GetUtcNow() - known.At > Fresh)
                last = known = (time.GetUtcNow(), StatusTree.Of(await StatusListing.ListAsync(api, options.Namespace, stop.Token), None));
            return known;
        }
        finally
        {
            gate.Release();
        }
    }

    private static IResult Page(string html, int status) => Results.Text(html, "text/html; charset=utf-8", statusCode: status);
}
