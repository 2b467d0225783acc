namespace Kollect.Core.Collection;

/// <summary>The number of rows for an object that several targets collect.</summary>
internal enum Dedupe
{
    /// <summary>One row for each target.</summary>
    KeepAll,

    /// <summary>One row for the object.</summary>
    ByResourceUid,
}
