using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The only type that writes a name into a GoogleSQL text.</summary>
internal static class Identifier
{
    /// <summary>
    /// Always in backticks; backslash and backtick are escaped as in a string literal (GoogleSQL, "Lexical structure and syntax").
    /// Validation refuses both before they get here.
    /// </summary>
    public static string Quote(string name) =>
        $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";
}

/// <summary>A table by its three names, unquoted.</summary>
internal sealed record TableId(string Project, string Dataset, string Table)
{
    /// <summary>A dataset has no dot; an old project may.</summary>
    internal static TableId Of(TableLocation at)
    {
        var dot = at.Container.LastIndexOf('.');
        return new TableId(at.Container[..dot], at.Container[(dot + 1)..], at.Table);
    }

    /// <summary>Quoted for GoogleSQL: <c>`acme-prod`.`inventory`.`items`</c>.</summary>
    public string Sql => $"{Identifier.Quote(Project)}.{Identifier.Quote(Dataset)}.{Identifier.Quote(Table)}";

    /// <summary>Its dataset, quoted.</summary>
    public string DatasetSql => $"{Identifier.Quote(Project)}.{Identifier.Quote(Dataset)}";

    /// <summary>The same as <see cref="Sql"/>.</summary>
    public override string ToString() => Sql;
}
