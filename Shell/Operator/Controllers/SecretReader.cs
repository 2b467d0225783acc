using Kollect.Core.Kubernetes;
using Kollect.Core.Operator;
using Kollect.Core.Secrets;
using Kollect.Operator.Kubernetes;
using Kollect.Shell.Concurrency;
using Kollect.Shell.Manifests;

namespace Kollect.Operator.Controllers;

/// <summary>
/// Reads Secrets by name: the operator may get them, not list or watch them. A limited number of reads runs at once, shared between the namespaces whose
/// sinks or inventories cause them, so that thousands of sinks of one do not delay the exports of others.
/// </summary>
/// <param name="api">The API server; it bounds the size of a Secret.</param>
/// <param name="isShared">False = there is only one namespace.</param>
internal sealed class SecretReader(IKubernetesApi api, bool isShared)
{
    private const int AtOnce = 32;

    private readonly FairSlots slots = isShared ? FairSlots.Shared(AtOnce) : new FairSlots(AtOnce, AtOnce);

    private static readonly Resource Secrets = new("", "v1", "secrets", Namespaced: true);

    /// <summary>Reads each Secret; a <see cref="ApiException"/> if the API server does not answer.</summary>
    /// <param name="namespace">Of the sink or inventory that uses them.</param>
    public async Task<Seq<SecretReadResult>> ReadAsync(string @namespace, Seq<SecretRef> wanted, CancellationToken cancel)
    {
        var results = new List<SecretReadResult>();
        foreach (var secret in wanted)
            results.Add(await GetAsync(@namespace, secret, Parse, cancel));
        return results.ToSeq().Strict();
    }

    /// <summary>The version of a Secret and its grant, without reading what it holds.</summary>
    /// <param name="namespace">Of a sink that uses it.</param>
    public Task<SecretReadResult> HeadAsync(string @namespace, SecretRef wanted, CancellationToken cancel) => GetAsync(
        @namespace,
        wanted,
        static (secret, json) => new SecretReadResult.Found(
            new SecretData(
                secret,
                HashMap<string, SecretText>(),
                GrantAnnotation.Read(json, SecretAccess.Annotation).Match(
                    grant => HashMap((SecretAccess.Annotation, grant)), () => HashMap<string, string>())),
            Version(json)),
        cancel);

    private async Task<SecretReadResult> GetAsync(
        string @namespace, SecretRef wanted, Func<SecretRef, byte[], SecretReadResult> read, CancellationToken cancel)
    {
        using var slot = await slots.EnterAsync(@namespace, cancel);
        try
        {
            return await api.GetAsync(Secrets, new ObjectName(wanted.Namespace, wanted.Name), cancel) is { } found
                ? read(wanted, found)
                : new SecretReadResult.Missing(wanted);
        }
        catch (ApiException refused) when (refused.Kind == ApiError.Forbidden)
        {
            return new SecretReadResult.Forbidden(wanted);
        }
    }

    private static SecretReadResult Parse(SecretRef wanted, byte[] json)
    {
        // The API server's answer, read like a manifest, so that a Secret means the same here and on the command line.
        var manifest = ManifestText.Read($"Secret {wanted.Namespace}/{wanted.Name}", json);
        var secret = manifest.Documents.HeadOrNone().ToEither(manifest.Problems).Bind(SecretManifests.Read);
        return secret.Match<SecretReadResult>(
            Right: data => new SecretReadResult.Found(data, Version(json)),
            Left: problems => new SecretReadResult.Unreadable(wanted, Version(json), string.Join("; ", problems.Map(problem => problem.Message)))
            {
                Grant = GrantAnnotation.Read(json, SecretAccess.Annotation),
            });
    }

    private static string Version(byte[] json)
    {
        var head = ObjectHead.Of(json);
        return $"{head.Uid}/{head.ResourceVersion}";
    }
}
