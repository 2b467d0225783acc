namespace Kollect.Core.Manifests;

/// <summary>The annotations of a sink that request an action of the operator. Only the value <c>true</c> has an effect.</summary>
internal static class SinkAnnotations
{
    /// <summary>Probe once, even where <c>connectionTest</c> is false; then it is removed after success.</summary>
    public const string TestConnection = "kollect.dev/test-connection";

    /// <summary>Render <c>status.preview</c> while the annotation exists.</summary>
    public const string Preview = "kollect.dev/preview";
}
