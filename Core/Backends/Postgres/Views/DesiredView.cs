using Kollect.Core.Formatting;
using Kollect.Core.Sinks;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres.Views;

/// <summary>The view of a target over the table of a sink.</summary>
/// <param name="Of">The target and its attributes.</param>
/// <param name="Mode">Decides whether the view is made.</param>
internal sealed record DesiredView(TargetView Of, TableName Table, KollectDatabaseSinkMode Mode)
{
    private static readonly NameFit Fit = new(Identifier.MaxBytes, rune => rune.Value != 0);

    /// <summary>In the schema of the table.</summary>
    public TableName View => Table with { Name = Fit.Unique(Of.NameOver(Table.Name)) };

    /// <summary>A column for each attribute.</summary>
    public Seq<ViewColumn> Columns { get; } = ViewColumn.Of(Of.Attributes, Fit);

    /// <summary>The names that were changed.</summary>
    public Seq<string> Remarks => Join(
        View.Name == FullName
            ? Empty
            : Seq1(FormattableString.Invariant($"the view's name is cut to {Identifier.MaxBytes} bytes; in full it is {Shown.Quoted(FullName)}")),
        Columns.Choose(column => column.Remark));

    private string FullName => Of.NameOver(Table.Name);

    /// <summary>The beginning of the comment of a view of this target and table: it tells ours from others'.</summary>
    public string Marker => $"kollect: rows of target {Of.TargetName} in {Table.Name};";

    /// <summary>The comment of the view. A view with this comment has this definition.</summary>
    public string Comment => $"{Marker} made and replaced by Kollect, definition {ViewDigest.Of(ViewRender.Select(this))}";

    /// <summary>The views of targets at a location.</summary>
    public static Seq<DesiredView> Over(PostgresSink sink, TableLocation at, Seq<TargetView> views) =>
        views.Map(view => new DesiredView(view, TableName.Of(at), sink.Settings.Mode)).Strict();

    /// <summary>The plan where nothing is known of the server: the statements that an administrator runs.</summary>
    public ViewPlan Offline => Planned(new ViewStep.Change(ViewRender.Statements(new ViewChange.Replace(this), $"target {Of.TargetName}")));

    /// <summary>The plan with a step.</summary>
    public ViewPlan Planned(ViewStep step) => new(View.Sql, Of.TargetName, step, Remarks);
}
