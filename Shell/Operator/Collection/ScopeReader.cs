using Kollect.Core.Collection;
using Kollect.Core.Collection.Scopes;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Manifests.Admission;
using Kollect.Operator.Kubernetes;

namespace Kollect.Operator.Collection;

/// <summary>Reads the scopes that limit one object, for its admission: as they are now, by replicas that do not lead, too.</summary>
internal sealed class ScopeReader(IKubernetesApi api, TimeProvider time)
{
    private static readonly Resource Profiles = new("kollect.dev", "v1alpha1", "kollectprofiles", Namespaced: true);

    /// <summary>Within the time that the API server waits for the webhook. A review is answered without the scopes then, which the operator applies.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>The time after a failure in which reviews do not ask again: many of them must not wait for an API server that does not answer.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private volatile Failed? last;

    /// <summary>Failures of the API server are values.</summary>
    public async Task<ScopeFacts> ReadAsync(ScopeQuestion question, CancellationToken cancel)
    {
        if (last is { } failed && time.GetElapsedTime(failed.At) < Pause)
            return Unread(failed.Why);
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var scopes = ScopesInForce.Of(await ScopesAsync(question.Namespace, both.Token));
            var kind = scopes is ScopesInForce.Known { All.IsEmpty: true } || question.Profile.Case is not ProfileRef profile
                ? None
                : await KindAsync(profile, both.Token);
            return new ScopeFacts(scopes, kind);
        }
        catch (ApiException failure)
        {
            return Fail(failure.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Fail(FormattableString.Invariant($"the API server has not answered within {Limit.TotalSeconds:0} s"));
        }
    }

    private ScopeFacts Fail(string why)
    {
        last = new Failed(time.GetTimestamp(), why);
        return Unread(why);
    }

    private static ScopeFacts Unread(string why) =>
        ScopeFacts.None with { Unread = $"the scopes could not be read here, and the operator applies them: {why}" };

    private async Task<Seq<(string Name, Either<Seq<Problem>, ScopeLimits> Limits)>> ScopesAsync(Option<string> @namespace, CancellationToken cancel)
    {
        var resource = @namespace.IsSome ? KnownScopes.OfNamespaces : KnownScopes.OfCluster;
        return (await ListAsync(resource, new Selection(@namespace.IfNone("")), ScopeObject.Read, cancel))
            .Select(it => (it.Identity.Name, it.Spec)).ToArray().ToSeq();
    }

    private async Task<Option<ResourceKind>> KindAsync(ProfileRef name, CancellationToken cancel)
    {
        var selection = new Selection(name.Namespace, FieldSelector: $"metadata.name={name.Name}");
        return (await ListAsync(Profiles, selection, json => ProfileObject.Read(json), cancel))
            .Where(it => it.Identity.Name == name.Name).ToArray().ToSeq().Bind(it => it.Spec.ToSeq()).Map(it => it.Kind).HeadOrNone();
    }

    /// <summary>Nothing of a kind that the API server does not serve.</summary>
    private async Task<IReadOnlyList<T>> ListAsync<T>(Resource resource, Selection selection, ReadObject<T> read, CancellationToken cancel)
        where T : class
    {
        var found = new List<T>();
        try
        {
            await foreach (var page in api.ListAsync(resource, selection, cancel))
                foreach (var item in page.Items)
                    if (read(item) is { } it)
                        found.Add(it);
        }
        catch (ApiException absent) when (absent.Kind == ApiError.NotFound)
        {
        }

        return found;
    }

    private sealed record Failed(long At, string Why);

    private delegate T? ReadObject<T>(ReadOnlySpan<byte> json)
        where T : class;
}
