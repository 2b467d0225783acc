using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Operator.Controllers;

/// <summary>What the last successful export to a location used: it removes the rows when sink or Secrets no longer exist.</summary>
/// <remarks>Not a record: no text shows what it holds.</remarks>
internal sealed class HeldSink(Sink sink, Func<SecretRef, Option<SecretData>> secrets)
{
    public Sink Sink { get; } = sink;

    /// <summary>Returns a Secret as it was then.</summary>
    public Func<SecretRef, Option<SecretData>> Secrets { get; } = secrets;
}
