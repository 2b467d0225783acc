using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>The state of a sink, as its conditions report it. Closed.</summary>
internal abstract record Situation
{
    private Situation() { }

    /// <summary>Nothing is known yet; the first probe is about to start.</summary>
    public sealed record FirstProbe : Situation;

    /// <summary>An export would find everything it needs.</summary>
    /// <param name="Message">The findings, one line.</param>
    /// <param name="IsProvisional">See <see cref="ProbeResult.Succeeded"/>: true until the first export.</param>
    public sealed record ProbeSucceeded(string Message, bool IsProvisional = false) : Situation;

    /// <summary>A Secret is missing, denied or unusable; nothing was connected.</summary>
    /// <param name="Message">One line, free of anything from a Secret.</param>
    public sealed record SecretUnusable(string Message) : Situation;

    /// <summary>The probe was refused: only a change of spec, Secret or server corrects the cause.</summary>
    /// <param name="Message">One line, free of anything from a Secret.</param>
    public sealed record ProbeRefused(string Message) : Situation;

    /// <summary>The probe may succeed when it is tried again.</summary>
    /// <param name="Message">One line, free of anything from a Secret.</param>
    /// <param name="After">No attempt before this time has passed.</param>
    public sealed record ProbeFailed(string Message, TimeSpan After) : Situation
    {
        /// <summary>See <see cref="Failure.TryLater.IsOfConnection"/>: only the connection is tried again, and that soon.</summary>
        public bool IsOfConnection { get; init; }
    }

    /// <summary><c>connectionTest: false</c>, and no probe was requested.</summary>
    public sealed record ProbeDisabled : Situation;

    /// <summary>The spec is invalid, although admission accepted it.</summary>
    /// <param name="Problems">All of them, at least one.</param>
    public sealed record InvalidSpec(Seq<Problem> Problems) : Situation;

    /// <summary>The sink is being deleted, and inventories still use it.</summary>
    /// <param name="By">At least one.</param>
    public sealed record InUse(Seq<InventoryName> By) : Situation;

    /// <summary>A probe failed; also where it was refused it is tried again, after a back-off.</summary>
    public bool IsFailedProbe => this is SecretUnusable or ProbeRefused or ProbeFailed;

    /// <summary>The result as a label of a metric: <c>success</c>, <c>secret</c>, <c>refused</c> or <c>transient</c>.</summary>
    public string Result => this switch
    {
        SecretUnusable => "secret",
        ProbeRefused => "refused",
        ProbeFailed => "transient",
        _ => "success",
    };

    /// <summary>The situation after a probe.</summary>
    public static Situation Of(ProbeResult probe) => probe switch
    {
        ProbeResult.Succeeded it => new ProbeSucceeded(string.Join("; ", Join(Seq1(it.Message), it.Checked)), it.IsProvisional),
        ProbeResult.Failed { Failure: Failure.Refused { IsOfSecret: true } it } => new SecretUnusable(it.Message),
        ProbeResult.Failed { Failure: Failure.Refused it } => new ProbeRefused(it.Message),
        ProbeResult.Failed { Failure: Failure.TryLater it } => new ProbeFailed(it.Message, it.After) { IsOfConnection = it.IsOfConnection },
        _ => throw new UnreachableException(),
    };
}
