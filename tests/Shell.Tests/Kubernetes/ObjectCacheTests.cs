using System.Text;
using Kollect.Core.Manifests;
using Kollect.Operator.Kubernetes;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Which deliveries of an object are changes.</summary>
public sealed class ObjectCacheTests
{
    private readonly ObjectCache<ProfileObject, Cached> cache = new(static (name, latest) => new Cached(name, latest));

    [Fact]
    public void A_version_that_is_known_is_no_change()
    {
        Assert.True(cache.Seen(Profile("7", generation: 1), out var cached));
        Assert.False(cache.Answered(cached, Profile("7", generation: 2)));
        Assert.False(cache.Seen(Profile("6", generation: 2), out _));
        Assert.Equal(1, cached.Latest.Identity.Metadata.Generation);
        Assert.True(cache.Answered(cached, Profile("8", generation: 2)));
        Assert.False(cache.Answered(cached, Profile("9", generation: 2)));
    }

    /// <summary>Where versions are no numbers, the last delivery counts.</summary>
    [Fact]
    public void Another_kind_of_version_is_not_compared()
    {
        Assert.True(cache.Seen(Profile("abc", generation: 1), out var cached));
        Assert.True(cache.Answered(cached, Profile("abc", generation: 2)));
    }

    private static byte[] Profile(string version, int generation) => Encoding.UTF8.GetBytes(
        """{"apiVersion":"kollect.dev/v1alpha1","kind":"KollectProfile","metadata":{"name":"it","namespace":"team","uid":"u","""
        + FormattableString.Invariant($"\"resourceVersion\":\"{version}\",\"generation\":{generation}") + """},"spec":{}}""");

    private sealed class Cached(ObjectName name, ProfileObject latest) : CachedObject<ProfileObject>(name, latest);
}
