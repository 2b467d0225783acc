using Kollect.Core.Sinks;

namespace Kollect.Host.Commands;

/// <summary>Chooses the sinks that a command works on.</summary>
internal static class SinkChoice
{
    /// <summary>All sinks, or the one named <paramref name="wanted"/>. Left: every problem of the chosen sinks, one line each.</summary>
    public static Either<Seq<string>, Seq<Sink>> Several(Workspace workspace, string? wanted)
    {
        var chosen = wanted is null ? workspace.Sinks : workspace.Sinks.Filter(sink => $"{sink.Name}" == wanted);
        var problems = Join(workspace.Unreadable, chosen.Bind(sink => sink.Problems)).Map(problem => problem.ToString());
        if (!problems.IsEmpty)
            return problems;
        if (!chosen.IsEmpty)
            return chosen.Bind(sink => sink.Sink.ToSeq());
        return Seq1(wanted is null
            ? "the files of -f hold no KollectDatabaseSink" + Found(workspace)
            : $"no sink {wanted} in the files of -f; there {(workspace.Sinks.Count == 1 ? "is" : "are")} {Names(workspace)}");
    }

    /// <summary>As <see cref="Several"/>, but exactly one sink.</summary>
    public static Either<Seq<string>, Sink> One(Workspace workspace, string? wanted) =>
        Several(workspace, wanted).Bind(sinks => sinks.Count == 1
            ? Right<Seq<string>, Sink>(sinks.Head)
            : Left<Seq<string>, Sink>(Seq1($"the files of -f hold {sinks.Count} sinks; say which with --sink: {Names(workspace)}")));

    private static string Names(Workspace workspace) =>
        workspace.Sinks.IsEmpty ? "none" : string.Join(", ", workspace.Sinks.Map(sink => sink.Name.ToString()));

    private static string Found(Workspace workspace) =>
        workspace.Ignored.IsEmpty ? "" : $"; they hold {string.Join(", ", workspace.Ignored.Take(5))}";
}
