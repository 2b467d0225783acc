using System.Text;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.BigQuery.Views;

/// <summary>The view of a target over the table of a sink.</summary>
/// <param name="Of">The target and its attributes.</param>
/// <param name="Mode">Decides whether the view is made.</param>
internal sealed record DesiredView(TargetView Of, TableId Table, KollectDatabaseSinkMode Mode)
{
    /// <summary>Which target's view it is; a digest, because a label takes few characters.</summary>
    public const string OwnerLabel = "kollect_view";

    /// <summary>The digest of the query.</summary>
    public const string DefinitionLabel = "kollect_definition";

    /// <summary>BigQuery, "Specifying a schema": at most 300 characters, of which every surface takes letters, digits and underscores.</summary>
    private static readonly NameFit OfColumn = new(300, rune => rune.IsAscii && (Rune.IsLetterOrDigit(rune) || rune.Value == '_'), IgnoresCase: true)
    {
        Prefix = "c_",

        // Prefixes such as _TABLE_ and _PARTITION are BigQuery's own.
        NeedsPrefix = first => char.IsAsciiDigit(first) || first == '_',
    };

    private static readonly NameFit OfView = new(BigQueryNames.MaxBytes, rune => BigQueryNames.Table(rune.ToString()).IsNone);

    /// <summary>In the dataset of the table.</summary>
    public TableId View => Table with { Table = OfView.Unique(Of.NameOver(Table.Table)) };

    /// <summary>A column for each attribute.</summary>
    public Seq<ViewColumn> Columns { get; } = ViewColumn.Of(Of.Attributes, OfColumn);

    /// <summary>The names that were changed.</summary>
    public Seq<string> Remarks => Join(
        View.Table == Of.NameOver(Table.Table)
            ? Empty
            : Seq1($"{Shown.Quoted(Of.NameOver(Table.Table))} cannot be the view's name in BigQuery; it is {Shown.Quoted(View.Table)}"),
        Columns.Choose(column => column.Remark));

    /// <summary>What the view says of itself.</summary>
    public string Description => $"rows of target {Of.TargetName} in {Table.Table}; made and replaced by Kollect";

    /// <summary>Tells ours from others'.</summary>
    public Seq<(string Key, string Value)> Labels =>
        Seq((OwnerLabel, ViewDigest.Of(Description)), (DefinitionLabel, ViewDigest.Of(ViewRender.Select(this))));

    /// <summary>The views of targets at a location.</summary>
    public static Seq<DesiredView> Over(BigQuerySink sink, TableLocation at, Seq<TargetView> views) =>
        views.Map(view => new DesiredView(view, TableId.Of(at), sink.Settings.Mode)).Strict();

    /// <summary>The plan where nothing is known of the service: the statement that an administrator runs.</summary>
    public ViewPlan Offline => Planned(new ViewStep.Change(Seq1(ViewRender.Statement(this, replaces: true, $"target {Of.TargetName}"))));

    /// <summary>The plan with a step.</summary>
    public ViewPlan Planned(ViewStep step) => new(View.Sql, Of.TargetName, step, Remarks);
}
