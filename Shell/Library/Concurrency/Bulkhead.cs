namespace Kollect.Shell.Concurrency;

/// <summary>
/// Limits concurrent work, shared between namespaces. Work that failed last time has separate slots, a quarter as many, and so does not delay other work.
/// </summary>
/// <param name="atOnce">At least 1.</param>
/// <param name="isShared">True = a namespace holds a quarter of the slots at most, and of the separate ones; false = there is only one namespace.</param>
internal sealed class Bulkhead(int atOnce, bool isShared)
{
    private readonly FairSlots slots = SlotsOf(atOnce, isShared);
    private readonly FairSlots retrySlots = SlotsOf(FairSlots.QuarterOf(atOnce), isShared);

    /// <summary>Waits for a slot; disposing the result releases it.</summary>
    /// <param name="namespace">The namespace that causes the work.</param>
    /// <param name="failedLast">The same work failed last time.</param>
    public Task<IDisposable> EnterAsync(string @namespace, bool failedLast, CancellationToken cancel) =>
        (failedLast ? retrySlots : slots).EnterAsync(@namespace, cancel);

    private static FairSlots SlotsOf(int atOnce, bool isShared) => isShared ? FairSlots.Shared(atOnce) : new FairSlots(atOnce, atOnce);
}
