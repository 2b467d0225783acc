using Kollect.Core.Backends;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Backends;

/// <summary>The backends that a program is built with, and the way in which it uses them.</summary>
/// <param name="backends">One of each kind.</param>
/// <param name="guard">Decides which hosts may be dialled.</param>
/// <param name="audience">Who reads the messages; the owner of the Secrets is told user and database.</param>
internal sealed class BackendSet(IReadOnlyCollection<Backend> backends, DialGuard guard, Audience audience = Audience.Cluster)
{
    /// <summary>Opens sinks with the Secrets that are given.</summary>
    /// <param name="find">Gives a Secret by name; None = there is none.</param>
    public IDestinations With(Func<SecretRef, Option<SecretData>> find) =>
        new Destinations(this, new BackendAccess(new SecretLookup(find, audience), guard, audience));

    private sealed class Destinations(BackendSet set, BackendAccess access) : IDestinations
    {
        public Either<Failure, IDestination> Open(Sink sink, TableLocation at) => set.Open(sink, at, access);
    }

    private Either<Failure, IDestination> Open(Sink sink, TableLocation at, BackendAccess access) =>
        backends.Select(backend => backend.Open(sink, at, access)).FirstOrDefault(static opened => opened.IsSome).IfNone(() => Missing(sink));

    private static Failure Missing(Sink sink) => new Failure.Refused(
        $"connect: this program is built without the backend of {sink.BackendName} — add its package, and its Instance to the backends");
}
