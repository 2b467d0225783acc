
namespace Kollect.Tests.Support;

/// <summary>Names of attributes that no database likes.</summary>
public static class HostileNames
{
    /// <summary>All are different.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "plain", "Plain", "select", "user", "quo\"te", "it's", "back`tick", "back\\slash", "semi; DROP VIEW x; --", "Ünïcödé 🦊", "a.b.c", "$gt", "$",
        ".", " spaced ", "nul\0nul", "", "half\ud800", "source_uid", "exported_at", "EXPORTED_AT", "resource_name", "_id", "_TABLE_x", "9lives", "ctid",
        "tableoid", "a-b", "a_b", "{}", "line\nbreak", "rtl\u202eevil",
        new string('x', 63), new string('x', 64), new string('x', 64) + "y", new string('é', 40), new string('é', 40) + "!", new string('z', 253),
    ];
}
