using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kollect.Core.Manifests;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect init</c>.</summary>
internal static partial class InitCommand
{
    private static readonly Argument<string> Backend = new Argument<string>("backend")
    {
        Description = "Where the rows are to go.",
        HelpName = "postgres|mongodb|bigquery",
    }.AcceptOnlyFromAmong("postgres", "mongodb", "bigquery");

    private static readonly Cli.Option<string?> Name = SharedOptions.Checked(new Cli.Option<string?>("--name")
    {
        Description = "Name of the sink and of the inventory.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "inventory",
    }, name => FlagRules.Name(name) || FlagRules.Name(name + "-connection"));

    private static readonly Cli.Option<string?> Namespace = SharedOptions.Checked(new Cli.Option<string?>("--namespace", "-n")
    {
        Description = "Namespace of all objects.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "default",
    }, FlagRules.Namespace);

    private static readonly Cli.Option<string?> Cluster = SharedOptions.Checked(new Cli.Option<string?>("--cluster")
    {
        Description = "Label of the cluster's rows.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "my-cluster",
    }, FlagRules.Cluster);

    public static Command Create()
    {
        var command = new Command(
            "init",
            """
            Print manifests to start from: a sink with its Secret, a profile, a target and an inventory.
            Write the connection into the Secret, and apply them.

            Examples:
              kollect init postgres > kollect.yaml
              kollect init mongodb --name portal --namespace shop | kollect validate -f -
            """)
        {
            Backend, Name, Namespace, Cluster,
        };
        command.SetAction(parsed =>
        {
            foreach (var part in new[] { parsed.GetValue(Backend)!, "inventory" })
                Console.Write(Named(Resource.Read($"init/{part}.yaml"), parsed));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Named(string manifests, ParseResult parsed) => Placeholder().Replace(manifests, found =>
    {
        var name = parsed.GetValue(found.Groups["of"].Value switch { "inventory" => Name, "namespace" => Namespace, _ => Cluster })!;
        return found.Groups["whole"].Success ? Scalar(name) : name;
    });

    /// <summary>A whole value of a field or an element, or a part of a text.</summary>
    [GeneratedRegex(@"(?<whole>(?<=: |- )my-(?<of>inventory|namespace|cluster)(?=\n))|my-(?<of>inventory|namespace|cluster)", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    /// <summary>The text as YAML; what a reader might take for a number or a truth value is quoted.</summary>
    private static string Scalar(string text) =>
        PlainScalar().IsMatch(text) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n")
            ? text
            : JsonSerializer.Serialize(text);

    [GeneratedRegex(@"^[a-z][a-z0-9.-]*\z")]
    private static partial Regex PlainScalar();
}
