using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Exports;

/// <summary>Sink -> destination, with the sink's Secrets resolved.</summary>
internal interface IDestinations
{
    /// <summary>Nothing is connected yet. Left: a Secret is missing or unusable.</summary>
    /// <param name="at">The table or collection.</param>
    Either<Failure, IDestination> Open(Sink sink, TableLocation at);
}

/// <summary>A destination for as long as it is used.</summary>
internal static class OpenedDestination
{
    /// <summary>As <see cref="IDestinations.Open"/>, for the rows of a scope.</summary>
    public static Either<Failure, IDestination> Open(this IDestinations destinations, Sink sink, Scope scope) => Naming.LocationOf(sink, scope)
        .MapLeft<Failure>(why => new Failure.Refused(why))
        .Bind(at => destinations.Open(sink, at));

    /// <summary>Opens the destination of a scope's rows, works, and closes it.</summary>
    /// <param name="scope">The scope of the rows: the table may depend on it.</param>
    /// <param name="failed">Converts a failure to open the destination.</param>
    public static async Task<T> UseAsync<T>(
        this IDestinations destinations, Sink sink, Scope scope, Func<IDestination, Task<T>> work, Func<Failure, T> failed)
    {
        return await destinations.Open(sink, scope).MatchAsync(
            RightAsync: async destination =>
            {
                await using (destination)
                    return await work(destination);
            },
            Left: failed);
    }
}
