using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kollect.Operator.Kubernetes.Config;

/// <summary>
/// One or more kubeconfig files. Of several entries with the same name the first wins, as in kubectl. The reader of the package KubernetesClient (21.0.8)
/// drops <c>tokenFile</c>, <c>proxy-url</c> and <c>as</c> without a word.
/// </summary>
internal sealed class Kubeconfig(TimeProvider time)
{
    private static readonly string[] Impersonation = ["as", "as-uid", "as-groups", "as-user-extra"];

    private readonly List<(string File, YamlMappingNode Root)> files = [];

    /// <summary><c>KUBECONFIG</c>: several files separated by colons; empty = it is not set.</summary>
    public static string[] FilesOfEnvironment() =>
        (Environment.GetEnvironmentVariable("KUBECONFIG") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary><c>~/.kube/config</c>.</summary>
    public static string FileOfHome() => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");

    public static KubernetesConfig Load(string[] paths, string? context, TimeProvider time)
    {
        var config = new Kubeconfig(time);
        foreach (var path in paths.Where(path => paths.Length == 1 || File.Exists(path)))
            config.files.Add((path, Read(path)));
        if (config.files.Count == 0)
            throw new KubernetesConfigException($"none of the kubeconfig files exists: {string.Join(", ", paths)}");
        return config.Of(context ?? config.CurrentContext());
    }

    private KubernetesConfig Of(string contextName)
    {
        var context = Named("contexts", "context", contextName)
            ?? throw Wrong($"there is no context {contextName}; there are: {string.Join(", ", Names("contexts"))}");
        var clusterName = context.Text("cluster") ?? throw Wrong($"context {contextName} names no cluster");
        var cluster = Named("clusters", "cluster", clusterName) ?? throw Wrong($"context {contextName} names cluster {clusterName}, which is missing");
        var user = context.Text("user") is { Length: > 0 } userName
            ? Named("users", "user", userName) ?? throw Wrong($"context {contextName} names user {userName}, which is missing")
            : null;
        var server = Address(cluster.Text("server") ?? throw Wrong($"cluster {clusterName} has no server"), $"cluster {clusterName}: server");
        var skip = cluster.Text("insecure-skip-tls-verify") == "true";
        return new KubernetesConfig(server, context.Text("namespace") is { Length: > 0 } ns ? ns : "default")
        {
            Authorities = cluster.Pem("certificate-authority") is { } pem
                ? KubernetesConfig.Certificates(pem, $"{cluster.File}: cluster {clusterName}: certificate-authority")
                : null,
            SkipVerify = skip,
            TlsServerName = cluster.Text("tls-server-name"),
            Proxy = cluster.Text("proxy-url") is { Length: > 0 } proxy ? Address(proxy, $"cluster {clusterName}: proxy-url", "socks5") : null,
            Credential = user is null ? FixedCredential.Anonymous : CredentialOf(user, cluster, skip),
        };
    }

    private ICredential CredentialOf(Entry user, Entry cluster, bool skipVerify)
    {
        if (Impersonation.FirstOrDefault(field => user.Fields.Children.ContainsKey(field)) is { } impersonation)
            throw user.Wrong($"{impersonation}: impersonation is not supported; use a user with its own credential");
        if (user.Mapping("exec") is { } exec)
            return ExecPlugin.Of(user, exec, cluster, skipVerify, time);
        if (user.Mapping("auth-provider") is not null)
            throw user.Wrong("auth-provider is no longer part of Kubernetes (1.26); use an exec plugin");
        var certificate = user.Pem("client-certificate") is { } pem
            ? Pair(pem, user.Pem("client-key") ?? throw user.Wrong("client-certificate without client-key"), user)
            : null;
        if (user.Text("tokenFile") is { Length: > 0 } file)
            return new TokenFile(user.Resolve(file), certificate, time);
        return new FixedCredential(new Proof(HeaderOf(user), certificate));
    }

    private static AuthenticationHeaderValue? HeaderOf(Entry user)
    {
        if (user.Text("token") is { Length: > 0 } token)
            return BearerToken.Header(token) ?? throw user.Wrong("token has characters that no token has");
        return user.Text("username") is { Length: > 0 } name
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{user.Text("password")}")))
            : null;
    }

    internal static X509Certificate2 Pair(string certificate, string key, Entry where)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (CryptographicException)
        {
            throw where.Wrong("client-certificate and client-key are no pair of PEM certificate and key");
        }
    }

    private string CurrentContext() =>
        files.Select(it => Entry.TextOf(it.Root, "current-context")).FirstOrDefault(name => name is { Length: > 0 })
        ?? throw Wrong($"current-context is not set; choose one with --context: {string.Join(", ", Names("contexts"))}");

    private Entry? Named(string list, string member, string name) => (
        from file in files
        from item in ItemsOf(file.Root, list)
        where Entry.TextOf(item, "name") == name
        select new Entry(file.File, $"{member} {name}", item.Children.TryGetValue(member, out var content) && content is YamlMappingNode fields ? fields : []))
        .FirstOrDefault();

    private IEnumerable<string> Names(string list) =>
        files.SelectMany(file => ItemsOf(file.Root, list)).Select(item => Entry.TextOf(item, "name")).OfType<string>();

    private static IEnumerable<YamlMappingNode> ItemsOf(YamlMappingNode root, string list) =>
        root.Children.TryGetValue(list, out var items) && items is YamlSequenceNode sequence ? sequence.OfType<YamlMappingNode>() : [];

    private static YamlMappingNode Read(string path)
    {
        try
        {
            using var text = File.OpenText(path);
            var stream = new YamlStream();
            stream.Load(text);
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..] ? root : throw new KubernetesConfigException($"{path}: is no kubeconfig");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new KubernetesConfigException($"{path}: cannot be read ({unreadable.GetType().Name})");
        }
        catch (YamlException wrong)
        {
            // The message of the parser may quote a credential.
            throw new KubernetesConfigException(FormattableString.Invariant($"{path}:{wrong.Start.Line}: is not YAML"));
        }
    }

    private Uri Address(string text, string where, params string[] schemes) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var address) && schemes.Concat(["http", "https"]).Contains(address.Scheme)
            ? address
            : throw Wrong($"{where} is no {string.Concat(schemes.Select(scheme => scheme + ", "))}http or https address");

    private KubernetesConfigException Wrong(string what) => new($"{string.Join(", ", files.Select(it => it.File))}: {what}");

    /// <summary>A named cluster, user or context of one file.</summary>
    /// <param name="File">Path of the file; relative paths in it are resolved from its folder.</param>
    /// <param name="Name">For messages: <c>user admin</c>.</param>
    /// <param name="Fields">Empty where the entry has no content.</param>
    internal sealed record Entry(string File, string Name, YamlMappingNode Fields)
    {
        public string? Text(string field) => TextOf(Fields, field);

        public YamlMappingNode? Mapping(string field) => Fields.Children.TryGetValue(field, out var value) ? value as YamlMappingNode : null;

        public string Resolve(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(File))!, path);

        /// <summary>PEM text from <c>{field}-data</c> (base64), else from the file that <c>{field}</c> names; null = neither is set.</summary>
        public string? Pem(string field)
        {
            try
            {
                if (Text(field + "-data") is { Length: > 0 } data)
                    return Encoding.UTF8.GetString(Convert.FromBase64String(data));
                return Text(field) is { Length: > 0 } path ? System.IO.File.ReadAllText(Resolve(path)) : null;
            }
            catch (FormatException)
            {
                throw Wrong($"{field}-data is not base64");
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                throw Wrong($"the file of {field} cannot be read ({unreadable.GetType().Name})");
            }
        }

        public KubernetesConfigException Wrong(string what) => new($"{File}: {Name}: {what}");

        public static string? TextOf(YamlMappingNode node, string field) =>
            node.Children.TryGetValue(field, out var value) && value is YamlScalarNode scalar && !IsNull(scalar) ? scalar.Value : null;

        private static bool IsNull(YamlScalarNode scalar) => scalar is { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };
    }
}
