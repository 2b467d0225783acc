using Kollect.Core.Formatting;
using Kollect.Core.Sinks;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.MongoDb.Views;

/// <summary>The view of a target over the collection of a sink.</summary>
/// <param name="Of">The target and its attributes.</param>
/// <param name="Mode">Decides whether the view is made.</param>
internal sealed record DesiredView(TargetView Of, Namespace Collection, KollectDatabaseSinkMode Mode)
{
    private const int MaxFieldBytes = 255;
    private const int MaxNamespaceBytes = 255;

    /// <summary>A path cannot name a field with a dot, and a field of a projection cannot begin with a dollar (MongoDB manual, "Field Names").</summary>
    private static readonly NameFit OfField = new(MaxFieldBytes, rune => rune.Value is not (0 or '.' or '$'));

    /// <summary>In the database of the collection.</summary>
    public Namespace View => Collection with
    {
        Collection = new NameFit(MaxNamespaceBytes - 1 - System.Text.Encoding.UTF8.GetByteCount(Collection.Database), rune => rune.Value is not (0 or '$'))
            .Unique(Of.NameOver(Collection.Collection)),
    };

    /// <summary>A field for each attribute.</summary>
    public Seq<ViewColumn> Columns { get; } = ViewColumn.Of(Of.Attributes, OfField, "_id");

    /// <summary>The names that were changed.</summary>
    public Seq<string> Remarks => Join(
        View.Collection == Of.NameOver(Collection.Collection)
            ? Empty
            : Seq1($"the view's name is cut; in full it is {Shown.Quoted(Of.NameOver(Collection.Collection))}"),
        Columns.Choose(column => column.Remark));

    /// <summary>The beginning of the comment in the first stage: it tells ours from others'.</summary>
    public string Marker => $"kollect: rows of target {Of.TargetName} in {Collection.Collection};";

    /// <summary>The comment in the first stage. A view with this comment has this definition.</summary>
    public string Comment => $"{Marker} made and replaced by Kollect, definition {ViewDigest.Of(ViewRender.Fields(this).ToJsonString())}";

    /// <summary>The views of targets at a location.</summary>
    public static Seq<DesiredView> Over(MongoDbSink sink, TableLocation at, Seq<TargetView> views) =>
        views.Map(view => new DesiredView(view, new Namespace(at.Container, at.Table), sink.Settings.Mode)).Strict();

    /// <summary>The plan where nothing is known of the server: the command that an administrator runs.</summary>
    public ViewPlan Offline => Planned(new ViewStep.Change(Seq1(ViewRender.Statement(this, replaces: false, $"target {Of.TargetName}"))));

    /// <summary>The plan with a step.</summary>
    public ViewPlan Planned(ViewStep step) => new(View.ToString(), Of.TargetName, step, Remarks);
}
