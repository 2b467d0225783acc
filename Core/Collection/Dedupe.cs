namespace Kollect.Core.Collection;

/// <summary>What becomes of an object that several targets collect.</summary>
public enum Dedupe
{
    /// <summary>A row for each target.</summary>
    KeepAll,

    /// <summary>One row.</summary>
    ByResourceUid,
}
