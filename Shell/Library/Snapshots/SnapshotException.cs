using Kollect.Core.Formatting;

namespace Kollect.Shell.Snapshots;

/// <summary>The input is not one complete snapshot, so none of it may be written. The message is one line for the user.</summary>
internal sealed class SnapshotException(string message) : Exception(Shown.Plain(message));
