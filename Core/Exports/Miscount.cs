using System.Globalization;

namespace Kollect.Core.Exports;

/// <summary>
/// The server counted other rows than it was sent, so the destination would not hold the snapshot: a trigger, a rule, a policy or another
/// writer came in between.
/// </summary>
/// <param name="What">What was counted: <c>rows inserted or updated</c>.</param>
/// <param name="Sent">Rows that were sent.</param>
/// <param name="Counted">Rows that the server counted.</param>
internal sealed record Miscount(string What, long Sent, long Counted)
{
    /// <summary>None = the counts agree.</summary>
    public static Option<Miscount> Of(string what, long sent, long counted) => sent == counted ? None : new Miscount(what, sent, counted);

    /// <summary><c>sent 2, the server counted 1 (rows inserted or updated)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"sent {Sent:N0}, the server counted {Counted:N0} ({What})");
}
