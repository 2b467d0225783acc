namespace Kollect.Core.Manifests;

/// <summary>What a user requests of the operator by annotating a sink. Only the value <c>true</c> does.</summary>
public static class SinkAnnotations
{
    /// <summary>Probe once, even where <c>connectionTest</c> is false; then it is removed after success.</summary>
    public const string TestConnection = "kollect.dev/test-connection";

    /// <summary>Render <c>status.preview</c> while it is there.</summary>
    public const string Preview = "kollect.dev/preview";
}
