namespace Kollect.Shell.Kubernetes;

/// <summary>Why the API server did not do what it was asked.</summary>
public enum ApiError
{
    /// <summary>404 where an object was expected.</summary>
    NotFound,

    /// <summary>409: somebody else was faster.</summary>
    Conflict,

    /// <summary>409 on create.</summary>
    AlreadyExists,

    /// <summary>403: RBAC.</summary>
    Forbidden,

    /// <summary>401, also with a fresh token.</summary>
    Unauthorized,

    /// <summary>410: the resourceVersion is too old.</summary>
    Gone,

    /// <summary>429, after all attempts.</summary>
    TooManyRequests,

    /// <summary>422: the object breaks the schema, or a webhook refused it.</summary>
    Invalid,

    /// <summary>Any other 4xx.</summary>
    BadRequest,

    /// <summary>5xx, or no answer at all, after all attempts.</summary>
    Unavailable,

    /// <summary>An answer that is not what the API promises.</summary>
    Malformed,
}

/// <summary>What the API server, or the way to it, answered instead.</summary>
/// <param name="kind">For the program.</param>
/// <param name="message">One line for a person, free of tokens.</param>
/// <param name="status">HTTP status; 0 = no answer.</param>
/// <param name="retryAfter">What the server asked for; null = nothing.</param>
/// <param name="inner">Null = none.</param>
public sealed class KubernetesException(ApiError kind, string message, int status = 0, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>For the program.</summary>
    public ApiError Kind { get; } = kind;

    /// <summary>HTTP status; 0 = no answer.</summary>
    public int Status { get; } = status;

    /// <summary>What the server asked for; null = nothing.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The same request may succeed when it is sent again. All our requests may be: apply and patch by nature, replace by its version, and an event told twice does no harm.</summary>
    public bool IsTransient => Kind is ApiError.TooManyRequests or ApiError.Unavailable;
}
