using Kollect.Core.Operator;
using Kollect.Core.Secrets;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Manifests;

namespace Kollect.Shell.Operator;

/// <summary>Reads Secrets by name: the operator may get them, not list or watch them.</summary>
/// <param name="api">The API server.</param>
internal sealed class SecretReader(IKubernetesApi api)
{
    private static readonly Resource Secrets = new("", "v1", "secrets", Namespaced: true);

    /// <summary>One look at each; a <see cref="KubernetesException"/> where the API server could not say.</summary>
    public async Task<Seq<SecretLook>> LookAsync(Seq<SecretRef> wanted, CancellationToken cancel)
    {
        var looks = new List<SecretLook>();
        foreach (var secret in wanted)
            looks.Add(await LookAsync(secret, cancel));
        return looks.ToSeq().Strict();
    }

    /// <summary>One look.</summary>
    public Task<SecretLook> LookAsync(SecretRef wanted, CancellationToken cancel) => AskAsync(wanted, Parse, cancel);

    /// <summary><see cref="SecretLook.Version"/> of a look, without reading what the Secret holds.</summary>
    public async Task<string> VersionAsync(SecretRef wanted, CancellationToken cancel) =>
        (await AskAsync(wanted, static (secret, json) => new SecretLook.Unreadable(secret, Version(json), ""), cancel)).Version;

    private async Task<SecretLook> AskAsync(SecretRef wanted, Func<SecretRef, byte[], SecretLook> read, CancellationToken cancel)
    {
        try
        {
            return await api.GetAsync(Secrets, new ObjectName(wanted.Namespace, wanted.Name), cancel) is { } found
                ? read(wanted, found)
                : new SecretLook.Missing(wanted);
        }
        catch (KubernetesException refused) when (refused.Kind == ApiError.Forbidden)
        {
            return new SecretLook.Forbidden(wanted);
        }
    }

    private static SecretLook Parse(SecretRef wanted, byte[] json)
    {
        // The API server's answer, read like a manifest, so that a Secret means the same here and on the command line.
        var manifest = ManifestText.Read($"Secret {wanted.Namespace}/{wanted.Name}", json);
        var secret = manifest.Documents.HeadOrNone().ToEither(manifest.Problems).Bind(SecretManifests.Read);
        return secret.Match<SecretLook>(
            Right: data => new SecretLook.Found(data, Version(json)),
            Left: problems => new SecretLook.Unreadable(wanted, Version(json), string.Join("; ", problems.Map(problem => problem.Message))));
    }

    private static string Version(byte[] json)
    {
        var head = ObjectHead.Of(json);
        return $"{head.Uid}/{head.ResourceVersion}";
    }
}
