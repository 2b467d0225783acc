using Kollect.Core.Admission;
using Microsoft.AspNetCore.Http;

namespace Kollect.Host.Operator;

/// <summary>The validating webhook: bytes in, bytes out; what they mean is Core's to say.</summary>
internal static class Webhook
{
    public const string Path = "/validate/kollectdatabasesinks";

    public static async Task AnswerAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "the content type must be application/json");
            return;
        }

        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException tooLarge)
        {
            await RefuseAsync(context, tooLarge.StatusCode, tooLarge.Message);
            return;
        }

        await AdmissionReview.Answer(body.GetBuffer().AsSpan(0, (int)body.Length)).MatchAsync(
            RightAsync: async answer =>
            {
                context.Response.ContentType = "application/json";
                await context.Response.Body.WriteAsync(answer, context.RequestAborted);
                return unit;
            },
            LeftAsync: async why =>
            {
                await RefuseAsync(context, StatusCodes.Status400BadRequest, why);
                return unit;
            });
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(why + "\n", context.RequestAborted);
    }
}
