namespace Kollect.Core.Manifests;

/// <summary>The annotations of an inventory that request an action of the operator. Only the value <c>true</c> has an effect.</summary>
internal static class InventoryAnnotations
{
    /// <summary>Export in full through every sink once, now; removed after success.</summary>
    public const string ExportNow = "kollect.dev/export-now";
}
