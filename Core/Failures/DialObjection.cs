using System.Diagnostics;

namespace Kollect.Core.Failures;

/// <summary>Why an address may not be dialled. A class and never the address: that comes from a Secret.</summary>
public enum DialObjection
{
    /// <summary>This machine itself.</summary>
    Loopback,

    /// <summary>Reaches only neighbours, and the metadata services of clouds.</summary>
    LinkLocal,

    /// <summary>Hands out credentials of the machine.</summary>
    Metadata,

    /// <summary>A private network.</summary>
    Private,

    /// <summary>Unspecified, multicast or reserved: no server is there.</summary>
    Nowhere,
}

/// <summary>An objection in words.</summary>
public static class DialObjectionWords
{
    /// <summary>What was refused.</summary>
    public static string Said(this DialObjection objection) => objection switch
    {
        DialObjection.Loopback => "the host is this machine itself (loopback), which sinks may not reach",
        DialObjection.LinkLocal => "the host has a link-local address, which sinks may not reach",
        DialObjection.Metadata => "the host is a cloud's metadata service, which sinks may never reach",
        DialObjection.Private => "the host has a private address, which this operator denies to sinks",
        DialObjection.Nowhere => "the host has an address at which no server can be (unspecified, multicast or reserved)",
        _ => throw new UnreachableException(),
    };

    /// <summary>What to do.</summary>
    public static string Remedy(this DialObjection objection) => objection switch
    {
        DialObjection.Loopback => "correct the host; a test operator can be started with --allow-loopback-sinks",
        DialObjection.Private => "correct the host, or start the operator without --deny-private-sinks",
        _ => "correct the host in the Secret or in spec.endpoint",
    };
}
