namespace Kollect.Shell.Snapshots;

/// <summary>The input is not one complete snapshot: nothing of it may be written. The message is one line for a person.</summary>
public sealed class SnapshotException(string message) : Exception(message);
