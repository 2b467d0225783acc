using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres.Views;

/// <summary>A change of a view. Closed.</summary>
internal abstract record ViewChange(DesiredView Desired)
{
    /// <summary>There is none.</summary>
    public sealed record Create(DesiredView Desired) : ViewChange(Desired);

    /// <summary>Its columns are the first ones of the new definition, so that it keeps its identity.</summary>
    public sealed record Replace(DesiredView Desired) : ViewChange(Desired);

    /// <summary>A column vanishes, moves or has another type, which <c>CREATE OR REPLACE VIEW</c> refuses.</summary>
    public sealed record Recreate(DesiredView Desired, Seq<ViewGrant> Grants) : ViewChange(Desired);
}

/// <summary>Wanted and observed view -> the step.</summary>
internal static class ViewDiff
{
    /// <summary>A view that Kollect did not make for this target and table is never touched, and none at all in mode <c>existing</c>.</summary>
    /// <param name="destination">The table and its schema.</param>
    /// <param name="observed">None = there is no relation of that name.</param>
    public static ViewStep Between(DesiredView desired, Observed destination, Option<ObservedView> observed) =>
        destination.Table.IsNone
            ? Refused($"table {desired.Table} does not exist, so there is nothing to view", "export into it first, or create it: kollect plan")
            : observed.Match(
                found => Replacement(desired, found),
                () => destination.CanCreateTable || desired.Mode == KollectDatabaseSinkMode.Existing
                    ? Changed(desired, new ViewChange.Create(desired), "it is missing")
                    : Refused(
                        $"view {desired.View} does not exist and the role may not create it in schema {Identifier.Visible(desired.View.Schema)}",
                        $"GRANT CREATE ON SCHEMA {Identifier.Visible(desired.View.Schema)} TO {Postgres.Render.Role};"));

    private static ViewStep Replacement(DesiredView desired, ObservedView found)
    {
        if (found.Kind != "v")
            return Refused($"{desired.View} exists and is no view", "rename it, or the target: the view of a target has this name");
        if (!found.Comment.StartsWith(desired.Marker, StringComparison.Ordinal))
            return Refused(
                $"view {desired.View} exists, and its comment does not say that Kollect made it for target {desired.Of.TargetName}; it is not touched",
                $"DROP VIEW {desired.View}; -- after a look at who uses it");
        if (IsAsWanted(desired, found))
            return new ViewStep.Unchanged();
        if (!found.IsOwner)
            return Refused(
                $"view {desired.View} belongs to another role, so only that role can replace it",
                $"ALTER VIEW {desired.View} OWNER TO {Postgres.Render.Role};");
        if (IsBeginning(desired, found))
            return Changed(desired, new ViewChange.Replace(desired), "its definition differs");
        return found.IsFree
            ? Changed(desired, new ViewChange.Recreate(desired, found.Grants), "a column vanishes, moves or has another type")
            : Refused(
                $"view {desired.View} needs other columns, and PostgreSQL keeps it as it is while {string.Join(", ", found.Dependents)} depends on it",
                $"drop what depends on it, then try again; to see what would go: DROP VIEW {desired.View} CASCADE; in a transaction that is rolled back");
    }

    private static bool IsAsWanted(DesiredView desired, ObservedView found) =>
        found.Comment == desired.Comment && found.Columns.Map(it => it.Name) == Join(ViewColumn.Fixed, desired.Columns.Map(it => it.Name));

    /// <summary>PostgreSQL manual, CREATE VIEW: the same columns in the same order with the same types; new ones only at the end.</summary>
    private static bool IsBeginning(DesiredView desired, ObservedView found)
    {
        var wanted = Join(
            ViewColumn.Fixed.Map(name => (Name: name, Type: Option<string>.None)),
            desired.Columns.Map(it => (it.Name, Type: Some(ViewRender.TypeOf(it.Type)))));
        return found.Columns.Count <= wanted.Count
            && found.Columns.Zip(wanted).ForAll(it => it.Left.Name == it.Right.Name && it.Right.Type.ForAll(type => type == it.Left.Type));
    }

    private static ViewStep Changed(DesiredView desired, ViewChange change, string why)
    {
        var statements = ViewRender.Statements(change, $"view {desired.View} of target {desired.Of.TargetName}: {why}");
        return desired.Mode == KollectDatabaseSinkMode.Existing
            ? Refused(
                $"view {desired.View}: {why}, and provisioning.mode is existing", string.Join("\n", statements.Map(it => it.Sql)))
            : new ViewStep.Change(statements);
    }

    private static ViewStep.Refused Refused(string what, string remedy) => new(new Refusal(what, remedy));
}
