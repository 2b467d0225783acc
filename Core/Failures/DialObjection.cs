using System.Diagnostics;

namespace Kollect.Core.Failures;

/// <summary>Why an address may not be dialled. It never contains the address, which may come from a Secret.</summary>
internal enum DialObjection
{
    /// <summary>An address of the machine itself.</summary>
    Loopback,

    /// <summary>An address of the local network segment, where clouds offer their metadata services.</summary>
    LinkLocal,

    /// <summary>A metadata service, which issues credentials of the machine.</summary>
    Metadata,

    /// <summary>An address of a private network.</summary>
    Private,

    /// <summary>An unspecified, multicast or reserved address; no server can have one.</summary>
    Nowhere,
}

/// <summary>The messages of <see cref="DialObjection"/>.</summary>
internal static class DialObjectionWords
{
    /// <summary>The reason, without the address.</summary>
    public static string Said(this DialObjection objection) => objection switch
    {
        DialObjection.Loopback => "the host is this machine itself (loopback), which sinks may not reach",
        DialObjection.LinkLocal => "the host has a link-local address, which sinks may not reach",
        DialObjection.Metadata => "the host is a cloud's metadata service, which sinks may never reach",
        DialObjection.Private => "the host has a private address, which this operator denies to sinks",
        DialObjection.Nowhere => "the host has an address at which no server can be (unspecified, multicast or reserved)",
        _ => throw new UnreachableException(),
    };

    /// <summary>The action that resolves the objection.</summary>
    public static string Remedy(this DialObjection objection) => objection switch
    {
        DialObjection.Loopback => "correct the host; the administrator of a test operator can allow loopback",
        DialObjection.Private => "correct the host, or ask the administrator of the operator to allow private addresses",
        _ => "correct the host in the Secret or in spec.endpoint",
    };
}
