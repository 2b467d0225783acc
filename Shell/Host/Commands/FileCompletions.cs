using System.CommandLine.Completions;
using Kollect.Core.Manifests;
using Kollect.Core.Snapshots;
using Kollect.Shell.Manifests;

namespace Kollect.Host.Commands;

/// <summary>Completes names of objects from the files of <c>-f</c>, where they come before.</summary>
internal static class FileCompletions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static IEnumerable<CompletionItem> Sinks(CompletionContext context) => Names(context, "KollectDatabaseSink");

    public static IEnumerable<CompletionItem> Inventories(CompletionContext context) => Names(context, "KollectInventory", "KollectClusterInventory");

    /// <summary>A name that the option would refuse is left out.</summary>
    private static IEnumerable<CompletionItem> Names(CompletionContext context, params string[] kinds)
    {
        if (context.ParseResult.GetValue(SharedOptions.Files) is not { } files)
            return [];
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var isRecursive = context.ParseResult.GetValue(SharedOptions.Recursive);
            var read = ManifestReader.ReadAsync(files, isRecursive, Stream.Null, limit.Token).GetAwaiter().GetResult();
            return [.. from document in KnownDocuments.Of(read).Documents
                       where kinds.Contains(document.Kind)
                       let ns = document.Kind == "KollectClusterInventory" ? Scope.ClusterInventories : document.Namespace
                       where (FlagRules.InventoryNamespace(ns) || FlagRules.Name(document.Name)).IsNone
                       select new CompletionItem($"{ns}/{document.Name}")];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }
}
