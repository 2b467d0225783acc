namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>
/// What an API server validates of events: the prefix of a generated name (maskTrailingDash in apimachinery) and the lengths in bytes
/// (pkg/apis/core/validation/events.go).
/// </summary>
public sealed class StandInEventTests
{
    [Theory]
    [InlineData("inventory-", "", "")]
    [InlineData("shop.example.com-", "", "")]
    [InlineData("inventory.", "", "metadata.generateName: Invalid value: \"inventory.\"")]
    [InlineData("inventory.-", "", "metadata.name: Invalid value: \"inventory.-")]
    [InlineData("-", "", "metadata.generateName: Invalid value: \"-\"")]
    [InlineData("inventory-", "note: 1024", "")]
    [InlineData("inventory-", "note: 1025", "message: Invalid value: \"\": can have at most 1024 characters")]
    [InlineData("inventory-", "reportingInstance: 129", "reportingInstance: Invalid value: \"\": can have at most 128 characters")]
    [InlineData("inventory-", "action: 129", "action: Invalid value: \"\": can have at most 128 characters")]
    public async Task An_event_keeps_to_the_limits(string prefix, string length, string refusal)
    {
        await using var server = await KubernetesServer.StartAsync();
        var result = await server.KubectlWithInputAsync(Event(prefix, length), "create", "-f", "-");
        if (refusal.Length == 0)
            Assert.Contains(" created", result.Required, StringComparison.Ordinal);
        else
            Assert.Contains(refusal, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_note_is_measured_in_bytes()
    {
        await using var server = await KubernetesServer.StartAsync();
        var fits = Event("a-", "").Replace("note: it", $"note: {new string('—', 341)}", StringComparison.Ordinal);
        Assert.Contains(" created", (await server.KubectlWithInputAsync(fits, "create", "-f", "-")).Required, StringComparison.Ordinal);
        var tooLong = Event("a-", "").Replace("note: it", $"note: {new string('—', 342)}", StringComparison.Ordinal);
        Assert.Contains("at most 1024", (await server.KubectlWithInputAsync(tooLong, "create", "-f", "-")).Errors, StringComparison.Ordinal);
    }

    /// <summary>The rules of legacyValidateEvent there, in the words of kube-apiserver 1.36; both API groups serve the same events.</summary>
    [Fact]
    public async Task An_event_with_a_time_stands_anywhere_and_kubectl_finds_it_there()
    {
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "events in namespaces of the cluster" });
        await server.ApplyAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: elsewhere}\n");
        Assert.Contains(" created", await CreateAsync("elsewhere", ", namespace: default}"), StringComparison.Ordinal);
        Assert.Contains(" created", await CreateAsync("kube-system", "}"), StringComparison.Ordinal);
        Assert.Contains(" created", await CreateAsync("default", "}"), StringComparison.Ordinal);
        const string Elsewhere = "involvedObject.namespace: Invalid value: \"\": does not match event.namespace";
        Assert.Contains(Elsewhere, await CreateAsync("elsewhere", "}"), StringComparison.Ordinal);
        Assert.Matches("Normal +It +ConfigMap/it +it", (await server.KubectlAsync("events", "-n", "elsewhere", "--for", "configmap/it")).Required);

        async Task<string> CreateAsync(string @namespace, string regarding)
        {
            var text = Event("a-", "")
                .Replace("namespace: default}\neventTime", $"namespace: {@namespace}}}\neventTime", StringComparison.Ordinal)
                .Replace(", name: it, namespace: default}", $", name: it{regarding}", StringComparison.Ordinal);
            var result = await server.KubectlWithInputAsync(text, "create", "-f", "-");
            return result.Output + result.Errors;
        }
    }

    /// <summary>As clients of v1 send it.</summary>
    [Theory]
    [InlineData("kube-system", "default", "involvedObject.namespace: Invalid value: \"default\": does not match event.namespace")]
    [InlineData("kube-system", "", "involvedObject.namespace: Invalid value: \"\": does not match event.namespace")]
    [InlineData("default", "", " created")]
    [InlineData("default", "default", " created")]
    public async Task An_event_without_a_time_stands_in_the_namespace_of_its_object(string stands, string of, string answer)
    {
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "events in namespaces of the cluster" });
        var result = await server.KubectlWithInputAsync(
            $$"""
            apiVersion: v1
            kind: Event
            metadata: {generateName: a-, namespace: {{stands}}}
            reason: It
            type: Normal
            message: it
            involvedObject: {kind: ConfigMap, apiVersion: v1, name: it, namespace: "{{of}}"}
            """,
            "create", "-f", "-");
        Assert.Contains(answer, result.Output + result.Errors, StringComparison.Ordinal);
    }

    /// <param name="length">A field and the length of its value: <c>note: 1025</c>; empty = all fields are short.</param>
    private static string Event(string prefix, string length)
    {
        var text = $$"""
            apiVersion: events.k8s.io/v1
            kind: Event
            metadata: {generateName: "{{prefix}}", namespace: default}
            eventTime: "2026-11-23T08:00:00.000000Z"
            reportingController: example.com/it
            reportingInstance: it
            action: It
            reason: It
            type: Normal
            note: it
            regarding: {kind: ConfigMap, apiVersion: v1, name: it, namespace: default}
            """;
        if (length.Split(": ") is not [var field, var number])
            return text;
        var value = new string('x', int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
        return System.Text.RegularExpressions.Regex.Replace(text, $"(?m)^{field}: .*$", $"{field}: {value}");
    }
}
