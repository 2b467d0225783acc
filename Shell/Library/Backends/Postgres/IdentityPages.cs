using System.Runtime.CompilerServices;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>The identities of the rows of a scope.</summary>
internal static class IdentityPages
{
    public const int Size = 10_000;

    /// <summary>Pages of <see cref="Size"/> identities in the order of the index; the last one is shorter, and may be empty.</summary>
    public static async IAsyncEnumerable<Seq<RowIdentity>> ReadAsync(Session session, ExportPlan plan, [EnumeratorCancellation] CancellationToken cancel)
    {
        var scope = new RowParameters(plan.Header).OfScope;
        for (var (last, more) = (new RowIdentity("", ""), true); more;)
        {
            var page = await session.QueryPageAsync(
                plan.Batches.PageOfIdentities,
                Size,
                row => new RowIdentity(row.GetString(0), row.GetString(1)),
                cancel,
                [.. scope, last.TargetName, last.SourceUid, Size]);
            more = page.Count == Size;
            last = page.IsEmpty ? last : page.Last;
            yield return page;
        }
    }
}
