using System.Text.RegularExpressions;

namespace Kollect.Shell.Tests.ReferencePages;

public sealed partial class EnvironmentPageTests
{
    private static readonly (string Name, string By, string Meaning)[] Variables =
    [
        ("KUBECONFIG", "kollect operator", "The kubeconfig files, separated as paths are, where `--kubeconfig` is not given and the process runs in no pod."),
        (
            "KUBERNETES_SERVICE_HOST", "kollect operator",
            "Set by the kubelet in every pod: the API server, which the service account of the pod is used for."),
        ("KUBERNETES_SERVICE_PORT", "kollect operator", "As above: its port."),
        ("BIGQUERY_EMULATOR_HOST", "every command with a BigQuery sink", "Host and port of a test server: requests go there without credentials."),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "kollect operator", "Metrics and traces go there. Other variables of OpenTelemetry's SDK hold too."),
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "kollect operator", "Metrics alone go there."),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "kollect operator", "Traces alone go there."),
    ];

    [Fact]
    public void Every_environment_variable_has_its_place_on_the_page()
    {
        var page = new ReferencePage(
            "Environment variables",
            "What `kollect` reads from its environment. No variable decides about a connection of PostgreSQL or MongoDB: those named PG... "
            + "are ignored.");
        page.Items(Variables.Select(it => (it.Name, it.By, it.Meaning)));
        page.Paragraph(
            "A BigQuery sink without `spec.bigquery.secretRef` uses Google's Application Default Credentials, whose library reads "
            + "`GOOGLE_APPLICATION_CREDENTIALS`.");
        page.Verify("environment.md");
    }

    [Fact]
    public void Every_variable_that_the_code_reads_is_in_the_table()
    {
        var read =
            from file in Directory.EnumerateFiles(Repository.At("Shell"), "*.cs", SearchOption.AllDirectories)
            where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            from match in Read().Matches(File.ReadAllText(file))
            select match.Groups["name"].Value.Replace("{signal}", "METRICS", StringComparison.Ordinal);
        Assert.Equal(
            Variables.Select(it => it.Name).Where(name => !name.Contains("TRACES", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            read.Distinct().Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("""(GetEnvironmentVariable|IsSet)\(\$?"(?<name>[^"]+)"\)""")]
    private static partial Regex Read();
}
