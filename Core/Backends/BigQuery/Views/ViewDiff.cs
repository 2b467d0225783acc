using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.BigQuery.Views;

/// <summary>The table or view of the wanted name (Table resource).</summary>
/// <param name="Type"><c>VIEW</c>, <c>TABLE</c>, …</param>
/// <param name="Owner">The label <see cref="DesiredView.OwnerLabel"/>; None = it has none.</param>
/// <param name="Definition">The label <see cref="DesiredView.DefinitionLabel"/>; None = it has none.</param>
internal sealed record ObservedView(string Type, Option<string> Owner, Option<string> Definition)
{
    /// <summary>Reads a Table resource. Left = it cannot be read.</summary>
    public static Either<Fault, ObservedView> Read(string table) => AnswerPart.Read(table, root => new ObservedView(
        root.Text("type").IfNone("TABLE"),
        root.Find("labels").Bind(labels => labels.Text(DesiredView.OwnerLabel)),
        root.Find("labels").Bind(labels => labels.Text(DesiredView.DefinitionLabel))));
}

/// <summary>Wanted and observed view -> the step.</summary>
internal static class ViewDiff
{
    /// <summary>A view that Kollect did not make for this target and table is never touched, and none at all in mode <c>existing</c>.</summary>
    /// <param name="destination">The table.</param>
    /// <param name="observed">None = there is nothing of that name.</param>
    public static ViewStep Between(DesiredView desired, Observed destination, Option<ObservedView> observed) =>
        destination.Table.IsNone
            ? Refused($"table {desired.Table} does not exist, so there is nothing to view", "export into it first, or create it: kollect plan")
            : observed.Match(
                found =>
                    found.Type != "VIEW" ? Refused(
                        $"{desired.View} exists and is of type {found.Type}, not a view", "rename it: the view of a target has this name")
                    : found.Owner != Some(desired.Labels[0].Value) ? Refused(
                        $"view {desired.View} exists, and its labels do not say that Kollect made it for target {desired.Of.TargetName}; it is not touched",
                        $"DROP VIEW {desired.View}; -- after a look at who uses it")
                    : found.Definition == Some(desired.Labels[1].Value) ? new ViewStep.Unchanged()
                    : Changed(desired, replaces: true, "its definition differs"),
                () => Changed(desired, replaces: false, "it is missing"));

    private static ViewStep Changed(DesiredView desired, bool replaces, string why)
    {
        var statement = ViewRender.Statement(desired, replaces, $"view {desired.View} of target {desired.Of.TargetName}: {why}");
        return desired.Mode == KollectDatabaseSinkMode.Existing
            ? Refused($"view {desired.View}: {why}, and provisioning.mode is existing", statement.Sql)
            : new ViewStep.Change(Seq1(statement));
    }

    private static ViewStep.Refused Refused(string what, string remedy) => new(new Refusal(what, remedy));
}
