using System.Globalization;
using Kollect.Core.Formatting;

namespace Kollect.Core.Manifests;

/// <summary><c>options.ledger_keep</c> and <c>options.history_keep</c>: whole days, <c>90d</c>, or a Go duration, <c>12h</c>; 1 h to 36,500 d.</summary>
internal static class LedgerKeep
{
    public const string Range = "write days, \"90d\" (default), or a Go duration, \"12h\"; 1h to 36500d are possible";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>None = not a duration, or out of range.</summary>
    public static Option<TimeSpan> Parse(string text) => (Days(text) | GoDuration.Parse(text)).Filter(it => it >= TimeSpan.FromHours(1) && it <= Longest);

    private static Option<TimeSpan> Days(string text) =>
        text.EndsWith('d')
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && days <= Longest.Days
            ? TimeSpan.FromDays(days)
            : Option<TimeSpan>.None;
}
