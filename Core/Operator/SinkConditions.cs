using System.Diagnostics;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using static Kollect.Core.Kubernetes.Condition;
using static Kollect.Models.V1Alpha1.KollectConditionStatus;

namespace Kollect.Core.Operator;

/// <summary>The one table from a situation to conditions, as kstatus reads them: one reason and one message for each row.</summary>
internal static class SinkConditions
{
    /// <summary>Whether a probe of this spec succeeded.</summary>
    public const string ConnectionVerified = "ConnectionVerified";

    internal const string TlsInsecure = "TLSInsecure";

    /// <summary>Every type that the table uses.</summary>
    internal static Seq<string> Types { get; } = Seq(Ready, ConnectionVerified, Degraded, Stalled, Reconciling, TlsInsecure);

    /// <summary>True = the condition says something about the spec and nothing about the destination: another spec contradicts it.</summary>
    internal static bool IsOfSpecAlone(Condition condition) =>
        condition.Reason == SinkReasons.ConnectionTestDisabled.Name || condition.Reason == SinkReasons.InvalidSpec.Name;

    /// <summary>The conditions of a situation; a condition that is not listed is absent from the status.</summary>
    public static Seq<Condition> Of(Situation situation) => situation switch
    {
        Situation.FirstProbe => Row(
            SinkReasons.Progressing, "the sink has been seen; its destination is being probed", (Ready, Unknown), (Reconciling, True)),
        Situation.ProbeSucceeded it => Row(
            SinkReasons.ConnectionOk, it.Message, (Ready, True), (ConnectionVerified, True)),
        Situation.SecretUnusable it => Row(
            SinkReasons.SecretResolveFailed, it.Message, (Ready, False), (ConnectionVerified, False), (Degraded, True), (Stalled, True)),
        Situation.ProbeRefused it => Row(
            SinkReasons.ConnectionTestFailed, it.Message, (Ready, False), (ConnectionVerified, False), (Degraded, True), (Stalled, True)),
        Situation.ProbeFailed it => Row(
            SinkReasons.ConnectionTestFailed, it.Message, (Ready, False), (ConnectionVerified, False), (Degraded, True), (Reconciling, True)),
        Situation.ProbeDisabled => Row(
            SinkReasons.ConnectionTestDisabled,
            "nothing is known about the destination, which is not probed because spec.connectionTest is false; "
                + $"annotate the sink with {SinkAnnotations.TestConnection}: \"true\" for one probe",
            (Ready, True)),
        Situation.InUse it => Row(
            SinkReasons.InUse,
            $"the sink is being deleted, and stays until no inventory has rows there; in use by {SinkProtection.Shown(it.By)} — "
                + "drop the ref to the sink from them, or delete them",
            (Ready, False),
            (Reconciling, True)),
        Situation.InvalidSpec it => Row(
            SinkReasons.InvalidSpec, Summary("problem", it.Problems), (Ready, False), (Degraded, True), (Stalled, True)),
        _ => throw new UnreachableException(),
    };

    /// <summary>Added to every row of a valid sink while <c>tls.insecureSkipVerify</c> is set.</summary>
    public static Condition InsecureSkipVerify { get; } = Row(
        SinkReasons.InsecureSkipVerify,
        "spec.tls.insecureSkipVerify: the server's certificate is not checked; whoever answers gets the password and the rows",
        (TlsInsecure, True)).Head;
}
