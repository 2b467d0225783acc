using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Kollect.Shell.Tests.Program;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.ReferencePages;

public sealed partial class CommandPageTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task Every_command_has_its_help_on_the_page()
    {
        var page = new ReferencePage(
            "Command line",
            "Every command of `kollect` and its options, as `kollect COMMAND --help` prints them. Results go to standard output, everything "
            + "else to standard error. "
            + "Exit codes and JSON: [exit codes](exit-codes.md).");
        var helps = await Task.WhenAll(CommandTree.Commands.Select(it => it.Name).Prepend("").Select(HelpAsync));
        foreach (var (command, help) in helps)
            page.Heading(2, command.Length == 0 ? "kollect" : $"kollect {command}").Code(help.TrimEnd().Split('\n').Select(line => line.TrimEnd()));
        page.Verify("cli.md");
    }

    [Fact]
    public async Task Every_exit_code_has_its_place_on_the_page()
    {
        using var folder = new SinkFolder(await PostgresServer.CreateDatabaseAsync());
        folder.Write(
            "items.json",
            """[{"targetName":"deployments","namespace":"shop","name":"web","version":"v1","kind":"Deployment","uid":"1","attributes":{}}]""");
        var page = new ReferencePage(
            "Exit codes and JSON",
            "How scripts read `kollect`: every command ends with one of these codes, and with `-o json` prints one document on standard output.");
        page.Heading(2, "Exit codes").Table(["code", "meaning"], ExitCodes().Select(it => (string[])[$"{it.Code}", it.Meaning]));
        page.Paragraph("The help of each command says what it uses them for: [command line](cli.md).");
        page.Heading(2, "JSON").Paragraph(
            "What real runs print, with a sink of PostgreSQL and a snapshot of one item; the probe fails, because it is given no Secret.");
        string[][] commands =
        [
            ["validate", .. folder.Manifests], ["plan", .. folder.Manifests, "--offline"], ["probe", "-f", folder.At("sink.yaml")],
            folder.Export("--items", folder.At("items.json"), "--exported-at", "2026-11-23T08:00:00Z"), ["explain", "KDB040"],
        ];
        foreach (var arguments in commands)
        {
            var result = await RunAsync(arguments.Contains("-o") ? arguments : [.. arguments, "-o", "json"]);
            page.Heading(3, $"kollect {arguments[0]}").Code(Stable(result.Output, folder.Path).Split('\n'), "json");
        }

        page.Verify("exit-codes.md");
    }

    /// <summary>Of the constants and their documentation.</summary>
    private static IEnumerable<(int Code, string Meaning)> ExitCodes()
    {
        var type = CommandTree.Host.GetType("Kollect.Host.Commands.ExitCode")!;
        var documents = XDocument.Load(Path.ChangeExtension(CommandTree.Host.Location, ".xml")).Descendants("member")
            .ToDictionary(it => (string)it.Attribute("name")!, it => Space().Replace(it.Element("summary")?.Value ?? "", " ").Trim(), StringComparer.Ordinal);
        return type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(it => it.IsLiteral)
            .Select(it => ((int)it.GetRawConstantValue()!, documents[$"F:{type.FullName}.{it.Name}"])).Order();
    }

    /// <summary>Without what differs from run to run.</summary>
    private static string Stable(string json, string folder)
    {
        var node = JsonNode.Parse(json)!;
        if (node is JsonObject outcome && outcome.ContainsKey("elapsedMs"))
            outcome["elapsedMs"] = 12;
        return node.ToJsonString(Readable).Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }

    private static async Task<(string Command, string Help)> HelpAsync(string command)
    {
        var result = await RunAsync(command.Length == 0 ? ["--help"] : [command, "--help"]);
        Assert.Equal(0, result.ExitCode);
        return (command, result.Output);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
