using Kollect.Core.Kubernetes;

namespace Kollect.Core.Operator;

/// <summary>The reasons of the conditions and events of sinks.</summary>
internal static class SinkReasons
{
    /// <summary><see cref="Situation.FirstProbe"/></summary>
    public static Reason Progressing { get; } = new("Progressing", "The sink is new, and the first probe of its destination runs.");

    /// <summary><see cref="Situation.ProbeSucceeded"/></summary>
    public static Reason ConnectionOk { get; } = new("ConnectionOK", "The last probe found everything that an export needs; the message says what.");

    /// <summary><see cref="Situation.SecretUnusable"/></summary>
    public static Reason SecretResolveFailed { get; } = new(
        "SecretResolveFailed",
        "A Secret of the sink is missing, is not granted to it, or does not lead to a connection; nothing was connected.",
        "Correct what the message names in the Secret or in the ref to it; the operator reads it again within 30 s.");

    /// <summary><see cref="Situation.ProbeRefused"/>, <see cref="Situation.ProbeFailed"/></summary>
    public static Reason ConnectionTestFailed { get; } = new(
        "ConnectionTestFailed",
        "The probe failed. With Stalled the server has refused something, and only a change helps; with Reconciling it is tried again.",
        "With Stalled, do what the message says; with Reconciling, check the server and the network to it.");

    /// <summary><see cref="Situation.ProbeDisabled"/></summary>
    public static Reason ConnectionTestDisabled { get; } = new(
        "ConnectionTestDisabled",
        "spec.connectionTest is false, so nothing is known about the destination; exports are tried all the same.",
        "Annotate the sink with kollect.dev/test-connection=true for one probe.");

    /// <summary><see cref="Situation.InUse"/></summary>
    public static Reason InUse { get; } = new(
        "InUse",
        "The sink is being deleted, and stays until the inventories in the message have no rows there.",
        "Drop the ref to the sink from those inventories, or delete them.");

    /// <summary><see cref="Situation.InvalidSpec"/></summary>
    public static Reason InvalidSpec { get; } = new(
        "InvalidSpec",
        "The spec breaks rules, and no webhook has refused it; nothing is exported through the sink.",
        "Correct each problem in the message: kollect explain describes its id.");

    /// <summary><see cref="SinkConditions.InsecureSkipVerify"/></summary>
    public static Reason InsecureSkipVerify { get; } = new(
        "InsecureSkipVerify",
        "spec.tls.insecureSkipVerify is set: the certificate of the server is not checked.",
        "Give the authority in spec.tls.caSecretRef or spec.tls.caBundle, and remove insecureSkipVerify.");

    /// <summary>All of them.</summary>
    public static Seq<Reason> All { get; } = Seq(
        Progressing, ConnectionOk, SecretResolveFailed, ConnectionTestFailed, ConnectionTestDisabled, InUse, InvalidSpec, InsecureSkipVerify);
}
