using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Operator;

/// <summary>What a user may ask of the operator by annotating a sink. Only the value <c>true</c> asks.</summary>
public static class SinkAnnotations
{
    /// <summary>Probe once, even where <c>connectionTest</c> is false; then it is removed after success.</summary>
    public const string TestConnection = "kollect.dev/test-connection";

    /// <summary>Render <c>status.preview</c> while it stands.</summary>
    public const string Preview = "kollect.dev/preview";

    /// <summary>Is this annotation there, with the value <c>true</c>?</summary>
    public static bool Asks(this KollectDatabaseSink sink, string annotation) =>
        sink.Metadata.Annotations.Find(annotation).Exists(value => value.Trim() == "true");
}
