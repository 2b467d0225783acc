using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;

namespace Kollect.Shell;

/// <summary>A <c>KollectDatabaseSink</c> that was read and validated once: see <see cref="KollectEngine.Validate(string)"/>.</summary>
public sealed class SinkManifest
{
    private readonly Option<Sink> sink;

    internal SinkManifest(SinkObject read)
    {
        (Namespace, Name, sink) = (read.Metadata.Namespace ?? "", read.Metadata.Name ?? "", read.Spec.ToOption());
        (Problems, Warnings) = ([.. read.Validation.Problems], [.. read.Warnings]);
    }

    internal SinkManifest(IReadOnlyList<Problem> unreadable) => (Namespace, Name, Problems, Warnings) = ("", "", unreadable, []);

    /// <summary>Of the object; empty = it is not named.</summary>
    public string Namespace { get; }

    /// <summary>Of the object; empty = it is not named.</summary>
    public string Name { get; }

    /// <summary>True = there is no problem, and the engine takes it; there may be warnings.</summary>
    public bool IsValid => sink.IsSome;

    /// <summary>Every problem at once, by path, then id; empty = it is valid.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>They do not prevent an export.</summary>
    public IReadOnlyList<Problem> Warnings { get; }

    /// <summary>The statements that create what the sink needs, and those of every export, without a connection; the facts of a server are not known.</summary>
    /// <exception cref="InvalidOperationException">It is not valid.</exception>
    public IReadOnlyList<Statement> Statements => [.. Sink.OfflinePlan(Naming.Unrendered(Sink))];

    internal Sink Sink => sink.IfNone(() => throw new InvalidOperationException(
        $"the sink is not valid: {string.Join("; ", Problems.Select(problem => problem.ToString()))}"));
}
