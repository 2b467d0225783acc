using Kollect.Core.Formatting;

namespace Kollect.Core.Views;

/// <summary>A column of a view that shows an attribute.</summary>
/// <param name="Name">The name of the column, unquoted.</param>
/// <param name="Attribute">The field of <c>payload.attributes</c>.</param>
internal sealed record ViewColumn(string Name, string Attribute, ViewType Type)
{
    /// <summary>The columns before those of the attributes, in their order.</summary>
    public static Seq<string> Fixed { get; } = Seq(
        "cluster", "inventory_namespace", "inventory_name", "target_name", "source_uid", "resource_namespace", ResourceName, ExportedAt);

    /// <summary>The column with the name of the object, which is in the payload.</summary>
    public const string ResourceName = "resource_name";

    /// <summary>The time of the snapshot.</summary>
    public const string ExportedAt = "exported_at";

    /// <summary>
    /// A column for each attribute. Names that fit stay as they are; the others are made to fit, and to differ from all before them and from
    /// <see cref="Fixed"/>, by a digest that depends on the name alone.
    /// </summary>
    /// <param name="taken">Further names that no column may have.</param>
    public static Seq<ViewColumn> Of(Seq<ViewAttribute> attributes, NameFit fit, params string[] taken)
    {
        var used = new System.Collections.Generic.HashSet<string>([.. Fixed.AsEnumerable(), .. taken], fit.Comparer);
        var names = new string?[attributes.Count];
        var keys = attributes.Map(it => Stored(it.Name)).ToArray();
        Claim(name => fit.Replaced(name) == name && fit.IsShort(name) ? name : null);
        Claim(name => fit.Replaced(name) is var replaced && fit.IsShort(replaced) ? replaced : null);
        for (var attempt = 0; names.Contains(null); attempt++)
            Claim(name => fit.WithDigest(name, attempt));
        return attributes.AsEnumerable().Select((it, index) => new ViewColumn(names[index]!, keys[index], it.Type)).ToArray().ToSeq();

        void Claim(Func<string, string?> candidate)
        {
            for (var i = 0; i < names.Length; i++)
                if (names[i] is null && candidate(keys[i]) is { } name && used.Add(name))
                    names[i] = name;
        }
    }

    /// <summary>Says what the column is called, where that is not the attribute's name; None = it is.</summary>
    public Option<string> Remark => Name == Attribute ? None : $"attribute {Shown.Quoted(Attribute)} is column {Shown.Quoted(Name)}";

    /// <summary>As the key stands in a payload: what no backend can store is replaced there.</summary>
    private static string Stored(string name) => string.Concat(name.Replace('\0', '\ufffd').EnumerateRunes());
}
