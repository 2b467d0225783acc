using System.Globalization;
using System.Text.RegularExpressions;
using Kollect.Core.Formatting;

namespace Kollect.Core.Snapshots;

/// <summary>The fields of an export envelope beside <c>items</c>; None = absent.</summary>
internal sealed record EnvelopeFields(
    Option<string> SchemaVersion,
    Option<long> Generation,
    Option<string> Cluster,
    Option<string> ExportedAt,
    Option<long> ItemCount,
    Option<string> Checksum,
    Option<long> PartTotal)
{
    /// <summary>All fields are absent.</summary>
    public static EnvelopeFields Nothing { get; } = new(None, None, None, None, None, None, None);
}

/// <summary>The rules for an envelope that is one complete and unaltered snapshot. Each objection is one line with its remedy.</summary>
internal static partial class Envelope
{
    /// <summary>The schema version that this program reads.</summary>
    public const string SchemaVersion = "kollect.dev/v1alpha1";

    private const string Prefix = "sha256:";

    /// <summary>The objection that is known before the first item is read; None = there is none.</summary>
    public static Option<string> Objection(EnvelopeFields fields) =>
        WrongVersion(fields)
        | fields.PartTotal.Filter(parts => parts > 1).Map(parts => string.Create(
            CultureInfo.InvariantCulture, $"partTotal is {parts}: one part is not the whole snapshot — export it as one envelope"))
        | fields.ExportedAt.Filter(text => ParseTime(text).IsNone).Map(text =>
            $"exportedAt {Shown.Quoted(text)} {NoTime}")
        | fields.Checksum.Filter(text => !IsChecksum(text)).Map(_ =>
            "checksum is not a SHA-256 in 64 lower-case hexadecimal digits, with or without sha256: before it — write it so, or leave it out");

    /// <summary>The objection that is known after the last item; None = there is none.</summary>
    /// <param name="before">The fields before <c>items</c>.</param>
    /// <param name="after">The fields after <c>items</c>.</param>
    /// <param name="items">The number of elements.</param>
    /// <param name="sha256">SHA-256 of <c>items</c> in compact JSON, lower-case hexadecimal; None = a Kubernetes List, which has no checksum.</param>
    public static Option<string> ObjectionAtEnd(EnvelopeFields before, EnvelopeFields after, long items, Option<string> sha256) =>
        Objection(after)
        | TooLate("exportedAt", after.ExportedAt.IsSome, "--exported-at")
        | TooLate("cluster", after.Cluster.IsSome, "--cluster")
        | TooLate("generation", after.Generation.IsSome, "--generation")
        | (before.ItemCount | after.ItemCount).Filter(count => count != items).Map(count => string.Create(
            CultureInfo.InvariantCulture, $"itemCount says {count:N0}, but items holds {items:N0} — the file is damaged or cut: export it again"))
        | (before.Checksum | after.Checksum).Bind(text => WrongChecksum(Digits(text), sha256));

    /// <summary>What is said of a text that <see cref="ParseTime"/> does not take.</summary>
    public const string NoTime = "is not an RFC 3339 time from 1970 to 9999 — write it like 2026-11-23T08:30:00Z";

    /// <summary>
    /// The time in UTC, truncated to milliseconds. None = not a time of RFC 3339, which always has an offset; or before 1970 or after 9999, when
    /// no snapshot is taken, and which not every backend can store.
    /// </summary>
    public static Option<DateTimeOffset> ParseTime(string text) =>
        Rfc3339().Match(text) is { Success: true } match
        && DateTimeOffset.TryParse(
            $"{match.Groups["second"].Value}{match.Groups["milli"].Value}{match.Groups["offset"].Value}",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal,
            out var time)
        && time >= DateTimeOffset.UnixEpoch
            ? time
            : None;

    /// <summary>Truncates to milliseconds, the resolution of BSON, so that a time is equal in every backend.</summary>
    public static DateTimeOffset WholeMilliseconds(DateTimeOffset time) =>
        new(time.UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

    private const string Second = "(?<second>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})";

    // The regex drops the digits after the third one, because .NET rounds the eighth digit up.
    [GeneratedRegex(@"\A" + Second + @"((?<milli>\.[0-9]{1,3})[0-9]*)?(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Rfc3339();

    private static Option<string> WrongVersion(EnvelopeFields fields) =>
        fields.SchemaVersion.Filter(version => version != SchemaVersion).Map(version =>
            $"schemaVersion is {Shown.Quoted(version)}, this program reads {Shown.Quoted(SchemaVersion)} — export with a matching version");

    private static Option<string> WrongChecksum(string given, Option<string> computed) => computed.Match(
        Some: sha256 => given == sha256
            ? None
            : Some($"checksum says {given}, but items has {sha256} — the file is damaged or was edited: export it again"),
        None: () => Some("checksum stands after the items of a Kubernetes List, too late to be verified — put it first, or leave it out"));

    private static Option<string> TooLate(string field, bool given, string flag) => given
        ? $"{field} stands after items, but is needed before the first item is written — put it first, or drop it and give {flag}"
        : None;

    private static bool IsChecksum(string text) => Digits(text) is { Length: 64 } digits && digits.All(digit => char.IsAsciiHexDigitLower(digit));

    private static string Digits(string checksum) =>
        checksum.StartsWith(Prefix, StringComparison.Ordinal) ? checksum[Prefix.Length..] : checksum;
}
