namespace Kollect.Operator.Kubernetes;

/// <summary>Why a request to the API server failed.</summary>
internal enum ApiError
{
    /// <summary>404 where an object was expected.</summary>
    NotFound,

    /// <summary>409: another writer changed the object first.</summary>
    Conflict,

    /// <summary>409 on create: the object exists.</summary>
    AlreadyExists,

    /// <summary>403: RBAC.</summary>
    Forbidden,

    /// <summary>403 on create, with the cause NamespaceTerminating: the namespace accepts nothing new.</summary>
    NamespaceTerminating,

    /// <summary>401, also with a new token.</summary>
    Unauthorized,

    /// <summary>410: the resourceVersion is too old.</summary>
    Gone,

    /// <summary>429, after all attempts.</summary>
    TooManyRequests,

    /// <summary>422: the object violates the schema, or a webhook refused it.</summary>
    Invalid,

    /// <summary>Any other 4xx.</summary>
    BadRequest,

    /// <summary>5xx, or no answer at all, after all attempts.</summary>
    Unavailable,

    /// <summary>The answer is not of the form that the API defines.</summary>
    Malformed,
}

/// <summary>A request to the API server failed, or did not reach it.</summary>
/// <param name="kind">Cause; the caller decides by it.</param>
/// <param name="message">One line for a person, free of tokens.</param>
/// <param name="status">HTTP status; 0 = no answer.</param>
/// <param name="retryAfter">Wait that the server asked for; null = none.</param>
internal sealed class ApiException(ApiError kind, string message, int status = 0, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Cause of the failure.</summary>
    public ApiError Kind { get; } = kind;

    /// <summary>HTTP status; 0 = no answer.</summary>
    public int Status { get; } = status;

    /// <summary>Wait that the server asked for; null = none.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>
    /// The same request may succeed when it is sent again. Every request may be repeated: apply and patch are idempotent, replace carries a version, and
    /// a duplicate event does no harm.
    /// </summary>
    public bool IsTransient => Kind is ApiError.TooManyRequests or ApiError.Unavailable;
}
