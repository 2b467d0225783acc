using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Kollect.Operator.Kubernetes.Config;

/// <summary>
/// A program that prints a credential (client.authentication.k8s.io/v1 and v1beta1). It is run when there is no credential, when the last one has
/// expired, and when the server refused it. Its output never appears in a message. The package KubernetesClient (21.0.8) splits the arguments at spaces,
/// runs the program while it loads the kubeconfig, and not again after a 401.
/// </summary>
internal sealed class ExecPlugin : ICredential
{
    // Shorter than the timeout of a request, so that the message names the plugin and not the API server.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly Kubeconfig.Entry user;
    private readonly ProcessStartInfo start;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim oneAtATime = new(1);
    private Printed? last;

    private ExecPlugin(Kubeconfig.Entry user, ProcessStartInfo start, TimeProvider time) => (this.user, this.start, this.time) = (user, start, time);

    public static ExecPlugin Of(Kubeconfig.Entry user, YamlMappingNode exec, Kubeconfig.Entry cluster, bool skipVerify, TimeProvider time)
    {
        var command = Kubeconfig.Entry.TextOf(exec, "command") is { Length: > 0 } text ? text : throw user.Wrong("exec has no command");
        if (Kubeconfig.Entry.TextOf(exec, "interactiveMode") == "Always")
            throw user.Wrong("exec: a plugin that always wants a terminal (interactiveMode: Always) cannot be run here");
        if (Kubeconfig.Entry.TextOf(exec, "apiVersion") is not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"))
            throw user.Wrong("exec: apiVersion must be client.authentication.k8s.io/v1 or v1beta1");
        var start = new ProcessStartInfo(command.Contains('/') ? user.Resolve(command) : command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Sequence(exec, "args").OfType<YamlScalarNode>())
            start.ArgumentList.Add(argument.Value ?? "");
        foreach (var variable in Sequence(exec, "env").OfType<YamlMappingNode>())
            if (Kubeconfig.Entry.TextOf(variable, "name") is { } name)
                start.Environment[name] = Kubeconfig.Entry.TextOf(variable, "value");
        start.Environment["KUBERNETES_EXEC_INFO"] = Info(exec, cluster, skipVerify);
        return new ExecPlugin(user, start, time);
    }

    public async ValueTask<Proof> GetAsync(Proof? refused, CancellationToken cancel)
    {
        await oneAtATime.WaitAsync(cancel);
        try
        {
            // Several requests may be refused at once; the first one runs the plugin for all of them.
            if (last is null || refused == last.Proof || last.Expires <= time.GetUtcNow())
                last = await RunAsync(cancel);
            return last.Proof;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private async Task<Printed> RunAsync(CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            using var process = Process.Start(start) ?? throw user.Wrong("the exec plugin did not start");
            using var stop = limit.Token.Register(() => process.Kill(entireProcessTree: true));
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await errors; // drained, so that the plugin does not block on a full pipe
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? Parse(output)
                : throw user.Wrong(FormattableString.Invariant(
                    $"the exec plugin {Path.GetFileName(start.FileName)} ended with code {process.ExitCode}; run it by hand to see why"));
        }
        catch (Win32Exception)
        {
            throw user.Wrong($"the exec plugin {start.FileName} cannot be started: is it installed?");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw user.Wrong(FormattableString.Invariant(
                $"the exec plugin {Path.GetFileName(start.FileName)} did not answer within {Timeout.TotalSeconds:0} s"));
        }
    }

    private Printed Parse(string output)
    {
        try
        {
            var status = JsonNode.Parse(output, documentOptions: JsonDepth.Tree)?["status"];
            var token = (string?)status?["token"];
            var certificate = (string?)status?["clientCertificateData"];
            var key = (string?)status?["clientKeyData"];
            if (token is null && certificate is null)
                throw user.Wrong("the exec plugin printed neither status.token nor status.clientCertificateData");
            return new Printed(
                new Proof(
                    token is null ? null : BearerToken.Header(token) ?? throw user.Wrong("the exec plugin printed a token with characters that no token has"),
                    certificate is null ? null : Kubeconfig.Pair(certificate, key ?? "", user)),
                (string?)status?["expirationTimestamp"] is { } time ? DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture) : null);
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or FormatException)
        {
            throw user.Wrong("the exec plugin printed no ExecCredential");
        }
    }

    private static string Info(YamlMappingNode exec, Kubeconfig.Entry cluster, bool skipVerify)
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (Kubeconfig.Entry.TextOf(exec, "provideClusterInfo") == "true")
            spec["cluster"] = new JsonObject
            {
                ["server"] = cluster.Text("server"),
                ["tls-server-name"] = cluster.Text("tls-server-name"),
                ["proxy-url"] = cluster.Text("proxy-url"),
                ["insecure-skip-tls-verify"] = skipVerify,
                ["certificate-authority-data"] = cluster.Pem("certificate-authority") is { } pem
                    ? Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pem))
                    : null,
            };
        return new JsonObject
        {
            ["apiVersion"] = Kubeconfig.Entry.TextOf(exec, "apiVersion") ?? "client.authentication.k8s.io/v1",
            ["kind"] = "ExecCredential",
            ["spec"] = spec,
        }.ToJsonString();
    }

    /// <param name="Expires">Null = valid until the server refuses it.</param>
    private sealed record Printed(Proof Proof, DateTimeOffset? Expires);

    private static IEnumerable<YamlNode> Sequence(YamlMappingNode node, string field) =>
        node.Children.TryGetValue(field, out var value) && value is YamlSequenceNode items ? items : [];
}
