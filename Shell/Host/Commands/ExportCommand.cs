using System.CommandLine;
using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Host.Output;
using Kollect.Shell.Exports;
using Kollect.Shell.Manifests;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect export</c>.</summary>
internal static class ExportCommand
{
    private static readonly Cli.Option<string?> Inventory = SharedOptions.CheckedName(new Cli.Option<string?>("--inventory")
    {
        Description = "Whose rows these are: namespace and name of the inventory.",
        HelpName = "NAMESPACE/NAME",
        Required = true,
        CompletionSources = { FileCompletions.Inventories },
    });

    private static readonly Cli.Option<string> Items = new("--items")
    {
        Description = "The snapshot: NDJSON items, a JSON array, an export envelope, or what kubectl get -o json prints. - = standard input.",
        HelpName = "FILE|-",
        DefaultValueFactory = _ => "-",
    };

    private static readonly Cli.Option<string?> Target = SharedOptions.Checked(new Cli.Option<string?>("--target")
    {
        Description = "Target name for Kubernetes objects; default: the kind in lower case and an s.",
        HelpName = "NAME",
    }, FlagRules.Target);

    private static readonly Cli.Option<long?> Generation = new("--generation")
    {
        Description = "Generation of the inventory; default: what the envelope says.",
        HelpName = "N",
    };

    private static readonly Cli.Option<string?> ExportedAt = new("--exported-at")
    {
        Description = "Time of the snapshot, RFC 3339; default: what the envelope says, else now. An older one than the destination holds is not applied.",
        HelpName = "TIME",
    };

    private static readonly Cli.Option<string?> Cluster = SharedOptions.Checked(new Cli.Option<string?>("--cluster")
    {
        Description = "Label of the rows and scope of the deletes; default: spec.cluster.",
        HelpName = "NAME",
    }, FlagRules.Cluster);

    private static readonly Cli.Option<bool> AllowFuture = new("--allow-future")
    {
        Description = "Take a snapshot time more than 5 minutes ahead of the clock; later snapshots are superseded until then.",
    };

    private static readonly Cli.Option<bool> DryRun = new("--dry-run")
    {
        Description = "Print the counts that an export would give, and change nothing.",
    };

    private static readonly Cli.Option<bool> IncludeSecrets = new("--include-secrets")
    {
        Description = "Also mirror objects of kind Secret, with their data.",
    };

    private static readonly Cli.Option<bool> Strict = new("--strict")
    {
        Description = "Refuse the snapshot if one item is rejected; default: write the others and warn. The input is read twice.",
    };

    public static Command Create()
    {
        var command = new Command(
            "export",
            """
            Mirror one snapshot into the destination of a sink.
            Afterwards the rows of that inventory and cluster are exactly the snapshot, or what they were.

            Examples:
              kubectl get deployments -A -o json | kollect export -f sink.yaml -f secret.yaml --inventory platform/all
              kollect export -f sink.yaml -f secret.yaml --inventory platform/all --items items.ndjson --dry-run

            Exit codes: 0 done or superseded, 1 refused or invalid, 2 usage, 3 transient failure: try again, or superseded by a time in the future.
            """)
        {
            SharedOptions.Files, SharedOptions.Recursive, SharedOptions.Sink, Inventory, Items, Target, Generation, ExportedAt, AllowFuture, Cluster, DryRun,
            IncludeSecrets, Strict, SharedOptions.Output,
        };
        ExportedAt.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var time }] && Envelope.ParseTime(time).IsNone)
                result.AddError($"--exported-at '{time}' {Envelope.NoTime}");
        });
        Generation.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, CultureInfo.InvariantCulture, out var generation))
                foreach (var why in FlagRules.Generation(generation))
                    result.AddError($"--generation {text} {why}");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(Items) is null or "-" && result.GetValue(SharedOptions.Files) is { } files
                && ManifestSources.Split(files).Contains(ManifestSources.Stdin))
                result.AddError("-f - and the snapshot would both come from standard input; give one of them as a file, the snapshot with --items FILE");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var workspace = await Workspace.LoadAsync(parsed, cancel);
        return await SinkChoice.One(workspace, parsed.GetValue(SharedOptions.Sink)).MatchAsync(
            RightAsync: async sink =>
            {
                foreach (var warning in workspace.Warnings)
                    Terminal.Error($"warning {warning}");
                var report = ExportReport.Of(await ExportAsync(sink, workspace, parsed, cancel), DateTimeOffset.UtcNow);
                report.Warnings.Iter(Terminal.Error);
                Terminal.Write(SharedOptions.Format(parsed), () => ExportOutput.Json(report), () => ExportOutput.Text(report));
                return report.ExitCode;
            },
            Left: reasons => Terminal.Refuse(SharedOptions.Format(parsed), reasons));
    }

    private static async Task<ExportResult> ExportAsync(Sink sink, Workspace workspace, ParseResult parsed, CancellationToken cancel)
    {
        var file = parsed.GetValue(Items)!;
        try
        {
            await using var input = await OpenAsync(file, parsed.GetValue(Strict), cancel);
            return await ExportBar.RunAsync(progress => SnapshotExport.RunAsync(
                workspace.Destinations, sink, Request(parsed), input, DateTimeOffset.UtcNow, progress, cancel));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new ExportResult.Failed(new Failure.Refused($"input: {failure.Message} — nothing was written; check --items"));
        }
    }

    /// <summary>What is read twice is kept in a temporary file, not in memory.</summary>
    private static async Task<Stream> OpenAsync(string file, bool isReadTwice, CancellationToken cancel)
    {
        var input = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        if (!isReadTwice || input.CanSeek)
            return input;
        await using (input)
        {
            // Only its owner may read such a file.
            var copy = new FileStream(
                Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
            try
            {
                await input.CopyToAsync(copy, cancel);
                copy.Position = 0;
                return copy;
            }
            catch
            {
                await copy.DisposeAsync(); // which deletes it
                throw;
            }
        }
    }

    private static ExportRequest Request(ParseResult parsed)
    {
        NamespacedName.TryParse(parsed.GetValue(Inventory)!, out var inventory);
        return new ExportRequest(
            inventory!.Namespace,
            inventory.Name,
            Some(parsed, Cluster),
            Some(parsed, ExportedAt).Bind(Envelope.ParseTime),
            parsed.GetValue(Generation) is { } generation ? generation : None,
            Some(parsed, Target),
            parsed.GetValue(IncludeSecrets),
            parsed.GetValue(DryRun))
        {
            AllowFuture = parsed.GetValue(AllowFuture),
            IsStrict = parsed.GetValue(Strict),
            Exporter = $"kollect export on {Environment.MachineName}",
        };
    }

    private static LanguageExt.Option<string> Some(ParseResult parsed, Cli.Option<string?> option) =>
        parsed.GetValue(option) is { } text ? Prelude.Some(text) : None;
}
