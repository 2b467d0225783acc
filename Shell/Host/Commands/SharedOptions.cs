using System.CommandLine;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary>Options that several commands share.</summary>
internal static class SharedOptions
{
    public static Cli.Option<string[]> Files { get; } = new("--filename", "-f")
    {
        Description = "Manifests as kubectl takes them (YAML or JSON): sinks, Secrets. Files, folders or quoted patterns, separated by commas, or - for "
            + "standard input; may be repeated.",
        HelpName = "FILE|DIR|-",
        Required = true,
        AllowMultipleArgumentsPerToken = false,
    };

    public static Cli.Option<bool> Recursive { get; } = new("--recursive", "-R")
    {
        Description = "Also read the subfolders of folders.",
    };

    public static Cli.Option<string> Output { get; } = CreateOutput();

    public static Cli.Option<string?> Sink { get; } = CheckedName(new Cli.Option<string?>("--sink")
    {
        Description = "Which sink, where the manifests hold several.",
        HelpName = "NAMESPACE/NAME",
        CompletionSources = { FileCompletions.Sinks },
    });

    public static Cli.Option<string?> InventoryForTemplate { get; } = CheckedName(new Cli.Option<string?>("--inventory")
    {
        Description = "For a sink with a naming template: whose table or collection.",
        HelpName = "NAMESPACE/NAME",
        CompletionSources = { FileCompletions.Inventories },
    });

    public static OutputFormat Format(ParseResult parsed) => parsed.GetValue(Output) == "json" ? OutputFormat.Json : OutputFormat.Text;

    /// <summary>The format of a command line that may be wrong.</summary>
    public static OutputFormat Format(IReadOnlyList<string> arguments) =>
        arguments.Index().Any(it => it.Item is "-o=json" or "-o:json" or "-ojson" or "--output=json" or "--output:json"
            || (it.Item == "json" && it.Index > 0 && arguments[it.Index - 1] is "-o" or "--output"))
            ? OutputFormat.Json
            : OutputFormat.Text;

    private static Cli.Option<string> CreateOutput()
    {
        var option = new Cli.Option<string>("--output", "-o")
        {
            Description = "text for people, json for programs.",
            DefaultValueFactory = _ => "text",
        };
        return option.AcceptOnlyFromAmong("text", "json");
    }

    /// <summary>Adds a validator that accepts NAMESPACE/NAME only.</summary>
    public static T CheckedName<T>(T option)
        where T : Cli.Option<string?>
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [{ Value: var text }])
                return;
            if (!NamespacedName.TryParse(text, out var name))
                result.AddError($"{option.Name} {Shown.Quoted(text)} is not NAMESPACE/NAME, e.g. platform/all");
            else
                foreach (var why in FlagRules.InventoryNamespace(name.Namespace) || FlagRules.Name(name.Name))
                    result.AddError($"{option.Name} {Shown.Quoted(text)}: {why}");
        });
        return option;
    }

    /// <summary>Adds a validator that applies the rule of a manifest to a value.</summary>
    public static T Checked<T>(T option, Func<string, LanguageExt.Option<string>> rule)
        where T : Cli.Option<string?>
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }])
                foreach (var why in rule(text))
                    result.AddError($"{option.Name}: {why}");
        });
        return option;
    }

    /// <summary>The table or collection of <c>--inventory</c>. Left: the template requires an inventory, or renders to an invalid name.</summary>
    public static Either<Failure, TableLocation> Location(Sink sink, ParseResult parsed)
    {
        if (sink.Settings.NamingTemplate.IsNone)
            return Naming.Unrendered(sink);
        return parsed.GetValue(InventoryForTemplate) is { } text && NamespacedName.TryParse(text, out var inventory)
            ? Naming.LocationOf(sink, new Scope(inventory.Namespace, inventory.Name, sink.Settings.Cluster)).MapLeft<Failure>(why => new Failure.Refused(why))
            : new Failure.Refused("plan: the sink has a naming template, so its table depends on the inventory — give --inventory NAMESPACE/NAME");
    }

    /// <summary>As <see cref="Location"/>, or the template itself where no inventory is given.</summary>
    public static TableLocation LocationOrTemplate(Sink sink, ParseResult parsed) => Location(sink, parsed).IfLeft(Naming.Unrendered(sink));
}

/// <summary>Output format of a command.</summary>
internal enum OutputFormat
{
    /// <summary>Lines of text.</summary>
    Text,

    /// <summary>One JSON document on standard output.</summary>
    Json,
}
