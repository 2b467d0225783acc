using Kollect.Core.Failures;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The view <see cref="Name"/> over a ledger: how fresh the rows of each scope are. It reads with the rights of its owner.</summary>
/// <param name="Ledger">Its table is not part of the view, which shows the scopes of every table of the schema.</param>
internal sealed record Freshness(Ledger Ledger)
{
    /// <summary>The name of the view in every schema.</summary>
    public const string Name = "kollect_freshness";

    private static readonly Seq<string> Scope = Ledger.Key.Take(4).Strict();

    /// <summary>The names of its columns, in their order.</summary>
    public static Seq<string> Columns { get; } = Join(Scope, Seq("exported_at", "verified_at", "age", "items", "complete", "exporter")).Strict();

    /// <summary>The view of the schema.</summary>
    public TableName At => new(Ledger.Table.Schema, Name);

    /// <summary>
    /// The newest entry of each scope whose rows were written. All columns are sorted downwards: the order of the ledger's key when it is read backwards.
    /// </summary>
    public string CreateView =>
        $"""
        CREATE VIEW {At} AS
        SELECT DISTINCT ON ({string.Join(", ", Scope)})
               {string.Join(", ", Scope)},
               exported_at,
               greatest(exported_at, verified_at)         AS verified_at,
               now() - greatest(exported_at, verified_at) AS age,
               items,
               complete,
               exporter
        FROM {Ledger.At}
        WHERE refusal IS NULL
        ORDER BY {string.Join(", ", Scope.Map(column => $"{column} DESC"))},
                 exported_at DESC;
        """;

    /// <summary>The same for a remedy of one line.</summary>
    public string CreateViewInLine => string.Join(' ', CreateView.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>What an export can do about the view. Closed.</summary>
internal abstract record FreshnessState
{
    private FreshnessState() { }

    /// <summary>It is there.</summary>
    public sealed record Ready : FreshnessState;

    /// <summary>An export creates it.</summary>
    public sealed record Missing : FreshnessState;

    /// <summary>There is no ledger to look at, or its warning names this view too.</summary>
    public sealed record Off : FreshnessState;

    /// <summary>An administrator can create it; exports do not need it.</summary>
    public sealed record Unusable(Refusal Why) : FreshnessState;

    /// <summary>The state of the view beside a destination that is itself ready.</summary>
    public static FreshnessState Of(Desired desired, Observed observed) =>
        !LedgerState.Of(desired, observed).IsKept || desired.Table.Name == Freshness.Name ? new Off()
        : observed.Freshness.Match(
            found => found.Kind == "v" && Freshness.Columns.ForAll(name => found.Columns.Contains(name)) ? new Ready() : Other(desired.Freshness),
            () => OfNone(desired, observed));

    private static FreshnessState OfNone(Desired desired, Observed observed)
    {
        var view = desired.Freshness;
        return desired.Mode == KollectDatabaseSinkMode.Existing
            ? new Unusable(new($"view {view.At} of the ledger does not exist and provisioning.mode is existing", view.CreateViewInLine))
            : observed.CanCreateTable
                ? new Missing()
                : new Unusable(new(
                    $"view {view.At} of the ledger does not exist and the role may not create it",
                    $"GRANT CREATE ON SCHEMA {Identifier.Visible(view.At.Schema)} TO {Render.Role}; or {view.CreateViewInLine}"));
    }

    private static FreshnessState Other(Freshness view) => new Unusable(new(
        $"{view.At} is not the view of the ledger, and is left as it is",
        $"give it another name, then: {view.CreateViewInLine}"));
}

/// <summary>A relation of the view's name.</summary>
/// <param name="Kind"><c>pg_class.relkind</c>.</param>
/// <param name="Columns">Their names.</param>
internal sealed record ObservedFreshness(string Kind, Seq<string> Columns);
