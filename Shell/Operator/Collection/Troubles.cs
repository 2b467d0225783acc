using Kollect.Core.Collection;
using Kollect.Operator.Kubernetes;

namespace Kollect.Operator.Collection;

/// <summary>A failed list or watch -> the cause that decides what it means.</summary>
internal static class Troubles
{
    public static WatchTrouble Of(ApiException failure) => failure.Kind switch
    {
        ApiError.Forbidden => WatchTrouble.Forbidden,
        ApiError.NotFound => WatchTrouble.NotServed,
        _ => WatchTrouble.Passing,
    };
}
