namespace Kollect.Host.Uninstall;

/// <summary>Whether an operator works in the cluster: only it removes rows, and its finalizers.</summary>
internal static class OperatorPresence
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>A Lease is valid for 15 s after a renewal.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(16);

    /// <summary>True as soon as the holder of a Lease renews it. Only a change counts, because two clocks are not compared.</summary>
    public static async Task<bool> IsRunningAsync(InstalledObjects objects, TimeProvider time, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var before = Renewals(await objects.LeasesAsync(cancel));
        while (before.Count > 0 && time.GetElapsedTime(began) < Limit)
        {
            await Task.Delay(Pause, time, cancel);
            if (Renewals(await objects.LeasesAsync(cancel)).Except(before).Any())
                return true;
        }

        return false;
    }

    /// <summary>Holder and time of each Lease that is held.</summary>
    private static IReadOnlyCollection<(string Lease, string Holder, string Time)> Renewals(IEnumerable<FoundObject> leases) =>
    [
        .. leases.Select(it => (it.Name.Name, it.Json["spec"]?["holderIdentity"]?.ToString() ?? "", it.Json["spec"]?["renewTime"]?.ToString() ?? ""))
            .Where(it => it.Item2.Length > 0),
    ];
}
