using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Collection;
using Kollect.Core.Collection.Scopes;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using static Kollect.Core.Tests.Manifests.SinkManifests;
using static Kollect.Core.Tests.Operator.Sinks;

namespace Kollect.Core.Tests.Operator;

/// <summary>One inventory, its sinks and their tables, and a simulated clock: carries out the decisions as the operator does, without a server.</summary>
internal sealed class InventoryWorld
{
    private readonly List<(DateTimeOffset End, ExportStart Start, SnapshotContent Content)> exports = [];
    private readonly List<(DateTimeOffset End, RemovalStart Start)> removals = [];
    private readonly List<Completion> completed = [];
    private readonly System.Collections.Generic.HashSet<RowLocation> answered = [];
    private readonly StringBuilder timeline = new();
    private readonly Dictionary<RowLocation, Sink> held = [];
    private InventoryState state = InventoryState.Restored(null);
    private SinkBreakers breakers = SinkBreakers.None;
    private DateTimeOffset? next;
    private int version = 1;

    public DateTimeOffset Now { get; private set; } = Monday;

    public string Timeline => timeline.ToString();

    /// <summary>The inventory as the API server holds it; null = deleted.</summary>
    public JsonObject? Object { get; private set; } = new()
    {
        ["apiVersion"] = "kollect.dev/v1alpha1",
        ["kind"] = "KollectInventory",
        ["metadata"] = new JsonObject { ["name"] = "all", ["namespace"] = "shop", ["uid"] = "1d9c", ["resourceVersion"] = "1", ["generation"] = 1 },
        ["spec"] = new JsonObject { ["databaseSinkRefs"] = new JsonArray() },
    };

    public Dictionary<string, SinkInWorld> SinksByName { get; } = [];

    /// <summary>Uids of the rows of the inventory, by location, as the last export wrote them.</summary>
    public Dictionary<string, string[]> Tables { get; } = new(StringComparer.Ordinal);

    /// <summary>Status that was written so far.</summary>
    public int StatusWrites { get; private set; }

    /// <summary>What the destinations record, by location.</summary>
    private Dictionary<string, Fence> Ledger { get; } = new(StringComparer.Ordinal);

    /// <summary>The namespace of inventory and sinks is being deleted.</summary>
    public bool NamespaceEnds { get; set; }

    /// <summary>What limits the inventory.</summary>
    public ScopesInForce Scopes { get; set; } = ScopesInForce.None;

    public SnapshotGate Gate { get; set; } = new SnapshotGate.Complete();

    public SnapshotContent Content { get; private set; } = Items("web");

    public static SnapshotContent Items(params string[] names) =>
        SnapshotContent.Of(
            names.Select(name => new CollectedItem("deployments", name, "shop", Encoding.UTF8.GetBytes($$"""{"name":"{{name}}"}"""))), Dedupe.KeepAll);

    public void Collect(params string[] names) => Content = Items(names);

    public SinkInWorld Sink(string name, string table) => SinksByName[name] = new SinkInWorld(name) { Table = table };

    public void Edit(Action<JsonObject> spec)
    {
        spec(Object!["spec"]!.AsObject());
        Touch(generation: true);
    }

    public void Refs(params string[] names) =>
        Edit(spec => spec["databaseSinkRefs"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]));

    public void Annotate(string name, string value)
    {
        Object!["metadata"]!["annotations"] = new JsonObject { [name] = value };
        Touch(generation: false);
    }

    public void Delete()
    {
        Object!["metadata"]!["deletionTimestamp"] = "2026-11-23T09:00:00Z";
        Touch(generation: true);
        RemoveUnlessFinalizersRemain();
    }

    /// <summary>Restarts the operator: running exports and removals are rolled back, and its state is restored from the status alone.</summary>
    public void Restart()
    {
        exports.Clear();
        removals.Clear();
        completed.Clear();
        held.Clear();
        state = InventoryState.Restored(Read().Status);
        breakers = SinkBreakers.None;
    }

    /// <summary>Applies an event now; the operator reconciles.</summary>
    public void Do(string name, Action apply)
    {
        Append(name);
        apply();
        if (Object is not null)
            Reconcile();
    }

    /// <summary>Lets time pass. Exports and removals end when they are due, and the operator reconciles.</summary>
    public void Wait(double seconds)
    {
        var end = Now.AddSeconds(seconds);
        while (Object is not null && NextTime() is { } time && time <= end)
        {
            Now = time > Now ? time : Now;
            foreach (var run in exports.Where(it => it.End <= Now).ToList())
                Finish(run);
            foreach (var run in removals.Where(it => it.End <= Now).ToList())
                Finish(run);
            Reconcile();
        }

        Now = end;
    }

    private DateTimeOffset? NextTime() =>
        exports.Select(it => it.End).Concat(removals.Select(it => it.End))
            .Cast<DateTimeOffset?>()
            .Append(next)
            .Min();

    private InventoryObject Read() =>
        InventoryObject.Read(Encoding.UTF8.GetBytes(Object!.ToJsonString())) ?? throw new InvalidOperationException("no inventory");

    private void Reconcile()
    {
        var observed = Observe([.. completed]);
        var decision = Decide(observed);
        Assert.Equal(decision, Decide(observed));
        Assert.True(decision.Next.ForAll(time => time > Now), "a decision asks for the next one at once");
        completed.Clear();
        (state, breakers, next) = (decision.State, decision.Breakers, decision.Next.ToNullable());
        foreach (var sink in decision.Cancellations.Exports)
            completed.AddRange(exports.Where(it => it.Start.Name == sink).ToList().Where(exports.Remove).Select(_ => new Completion.ExportCancelled(sink)));
        foreach (var location in decision.Cancellations.Removals)
        {
            completed.AddRange(removals.Where(it => it.Start.Location == location).ToList()
                .Where(removals.Remove)
                .Select(_ => new Completion.RemovalCancelled(location)));
        }

        Write(decision);
        foreach (var start in decision.Exports)
            Begin(start);
        foreach (var start in decision.Removals)
            Begin(start);
        if (Object is null)
            return;
        var again = Decide(Observe([]));
        Assert.Empty(again.Exports);
        Assert.Empty(again.Removals);
        Assert.Empty(again.Events);
        Assert.Equal(None, again.Finalizers);
        Assert.Equal(None, again.Status);
        Assert.Empty(again.ClearAnnotations);
        var isProtected = SinksByName.Values.Select(it => it.IsProtected).ToList();
        foreach (var sink in SinksByName.Values)
            sink.IsProtected = state.Status.Locations.Exists(it => it.Sink.Name == sink.Name);
        if (completed.Count > 0 || !decision.ClearAnnotations.IsEmpty || !isProtected.SequenceEqual(SinksByName.Values.Select(it => it.IsProtected)))
            Reconcile();
    }

    private InventoryObservation Observe(Completion[] completions)
    {
        var inventory = Read();
        var sinks = state.SinksInUse(inventory).Map(name =>
            (name, SinksByName.TryGetValue(name.Name, out var sink) ? sink.Observation : new SinkObservation.Missing()));
        return new InventoryObservation(inventory, Gate, Content, toHashMap(sinks), completions.ToSeq())
        {
            Held = toHashMap(held.Select(it => (it.Key, it.Value))),
            Scopes = Scopes,
            EndingNamespaces = NamespaceEnds ? Seq1("shop") : Empty,
        };
    }

    private InventoryDecision Decide(InventoryObservation observed) =>
        InventoryReconcile.Decide(observed, state, breakers, Waits.Cleanup, Now, jitter: 0.5);

    private void Write(InventoryDecision decision)
    {
        var about = Read().Identity;
        StatusWrites += decision.Status.Count();
        foreach (var status in decision.Status.ToSeq())
            Object!["status"] = Stored(JsonNode.Parse(ObjectRequests.Status(about, status.WriteJson))!["status"]!.AsObject());
        Assert.All(InventoryState.Restored(Read().Status).Status.Locations, location => Assert.Contains(location, answered));
        foreach (var it in decision.Events)
            Append($"{(it.IsWarning ? "Warning" : "Normal")} {it.Reason}: {it.Note}", 2);
        foreach (var finalizers in decision.Finalizers.ToSeq())
        {
            Object!["metadata"]!["finalizers"] = JsonNode.Parse(ObjectRequests.Finalizers(about, finalizers))!["metadata"]!["finalizers"]!.DeepClone();
            Append(finalizers.IsEmpty ? "the finalizer is taken off" : "the finalizer is set", 2);
            RemoveUnlessFinalizersRemain();
        }

        Clear(decision.ClearAnnotations);
    }

    private void Clear(Seq<string> annotations)
    {
        foreach (var name in annotations)
        {
            Object!["metadata"]!["annotations"]!.AsObject().Remove(name);
            Append($"the annotation {name} is taken off", 2);
        }
    }

    /// <summary>As an API server may store it: beside a condition of another manager, and with lists in another order.</summary>
    private static JsonObject Stored(JsonObject applied)
    {
        var status = applied.DeepClone().AsObject();
        foreach (var list in status.Where(field => field.Value is JsonArray).Select(field => field.Key).ToArray())
            status[list] = new JsonArray([.. status[list]!.AsArray().Reverse().Select(item => item!.DeepClone())]);
        status["conditions"]!.AsArray().Insert(0, JsonNode.Parse(
            """{"type":"Reviewed","status":"True","reason":"ByHand","message":"","lastTransitionTime":"2026-11-23T08:00:00Z"}"""));
        return status;
    }

    private void RemoveUnlessFinalizersRemain()
    {
        if (Object!["metadata"]!["deletionTimestamp"] is not null && Object["metadata"]!["finalizers"] is null or JsonArray { Count: 0 })
            Object = null;
    }

    private void Begin(ExportStart start)
    {
        Assert.DoesNotContain(exports, run => run.Start.Location == start.Location);
        Assert.DoesNotContain(removals, run => run.Start.Location == start.Location);
        if (start.ProbesOnly)
        {
            Append($"probe {start.Location}: {start.Why}", 2);
            exports.Add((Now.AddSeconds(0.01), start, Content));
            return;
        }

        Assert.True(SinksByName[start.Name.Name].IsProtected);
        Assert.Contains(InventoryReconcile.Finalizer, Object!["metadata"]!["finalizers"]!.AsArray().Select(it => (string?)it));
        Assert.Contains(InventoryState.Restored(Read().Status).Status.Locations, location => location == start.Location);
        Append($"{Shown(start.Method)} to {start.Location}: {start.Why}", 2);
        exports.Add((Now + SinksByName[start.Name.Name].Takes, start, Content));
    }

    private void Begin(RemovalStart start)
    {
        Assert.DoesNotContain(exports, run => run.Start.Location == start.Location);
        Assert.DoesNotContain(removals, run => run.Start.Location == start.Location);
        Append($"remove the rows from {start.Location}", 2);
        removals.Add((Now.AddSeconds(0.1), start));
    }

    private void Finish((DateTimeOffset End, ExportStart Start, SnapshotContent Content) run)
    {
        exports.Remove(run);
        if (run.Start.ProbesOnly && SinksByName.GetValueOrDefault(run.Start.Name.Name)?.Fails is null)
        {
            answered.Add(run.Start.Location);
            completed.Add(new Completion.Probe(run.Start.Name));
            return;
        }

        if (SinksByName.TryGetValue(run.Start.Name.Name, out var sink) && sink.Fails is { } failure)
        {
            completed.Add(new Completion.Export(run.Start.Name, new ExportResult.Failed(failure)));
            return;
        }

        var (header, table, content) = (run.Start.Header, Table(run.Start.Location), run.Content);
        var all = content.Items.Select(it => it.Uid).ToArray();
        var before = Tables.GetValueOrDefault(table, []);
        var basis = run.Start.Method switch
        {
            ExportMethod.Changes it => it.Basis,
            ExportMethod.Look it => it.Basis,
            _ => null,
        };
        var inFull = basis is null || !Tables.ContainsKey(table) || Ledger.GetValueOrDefault(table) != basis;
        if (inFull)
            Tables[table] = header.IsComplete ? all : [.. before.Union(all).Order(StringComparer.Ordinal)];
        else if (run.Start.Method is ExportMethod.Changes difference)
        {
            var changes = content.Since(difference.Before);
            var removed = header.IsComplete ? changes.Removed.Select(it => it.Uid) : [];
            Tables[table] = [.. before.Except(removed).Union(changes.Changed.Select(it => it.Uid)).Order(StringComparer.Ordinal)];
        }

        var isLook = !inFull && run.Start.Method is ExportMethod.Look;
        Ledger[table] = isLook ? basis! : new Fence(header.ExportedAt, content.Checksum);
        held[run.Start.Location] = run.Start.Sink;
        var written = isLook ? 0 : content.Count;
        completed.Add(new Completion.Export(
            run.Start.Name,
            new ExportResult.Exported(new ExportOutcome(content.Count, written, 0, 0, 0, 0, 0, 0, 0, false, 0, 100, 100, Empty)) { Fence = Ledger[table] },
            inFull && basis is not null));
    }

    private static string Shown(ExportMethod method) => method switch
    {
        ExportMethod.Full => "export",
        ExportMethod.Changes it => it.Looks ? "difference and look" : "difference",
        _ => "look",
    };

    private void Finish((DateTimeOffset End, RemovalStart Start) run)
    {
        removals.Remove(run);
        var fails = SinksByName.GetValueOrDefault(run.Start.Location.Sink.Name) switch
        {
            null => null,
            { SecretIsGone: true } => run.Start.Held.IsSome ? null : SinkInWorld.NoSecret,
            var sink => sink.Fails,
        };
        var removed = fails is null && Tables.Remove(Table(run.Start.Location), out var rows) ? rows.Length : 0;
        completed.Add(new Completion.Removal(run.Start.Location, fails is null ? new RemovalResult.Removed(removed) : RemovalResult.Failed.Of(fails)));
    }

    /// <summary>Key into <see cref="Tables"/>; each sink has a database of its own.</summary>
    private static string Table(RowLocation location) => $"{location.Sink.Name}: {location.At.FullName} {location.At.Cluster}";

    private void Touch(bool generation)
    {
        var metadata = Object!["metadata"]!;
        metadata["resourceVersion"] = FormattableString.Invariant($"{++version}");
        metadata["generation"] = metadata["generation"]!.GetValue<int>() + (generation ? 1 : 0);
    }

    private void Append(string text, int indent = 0) =>
        timeline.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(Now - Monday).TotalSeconds,8:F2} | {new string(' ', indent)}{text}\n");
}

/// <summary>A sink whose spec, Secrets and failures a test sets.</summary>
internal sealed class SinkInWorld(string name)
{
    private int generation;

    public string Table
    {
        get;
        set => (field, generation) = (value, generation + 1);
    } = "inventory";

    public string Cluster
    {
        get;
        set => (field, generation) = (value, generation + 1);
    } = "prod";

    public string Name => name;

    /// <summary>It has the finalizer, as the controller of sinks sets it.</summary>
    public bool IsProtected { get; set; }

    /// <summary>It waits for the finalizer to be removed.</summary>
    public bool IsBeingDeleted { get; set; }

    public string Secrets { get; set; } = "shop/dsn=1";

    public TimeSpan Takes { get; set; } = TimeSpan.FromSeconds(0.2);

    /// <summary>Result of its exports and removals; null = they succeed.</summary>
    public Failure? Fails { get; set; }

    /// <summary>Its Secret does not exist.</summary>
    public bool SecretIsGone { get; set; }

    public static Failure NoSecret { get; } = new Failure.Refused("secret: Secret shop/dsn does not exist — create it") { IsOfSecret = true };

    public SinkObservation Observation =>
        Observe(With(PostgresSpec, ("postgres/table", $"\"{Table}\""), ("cluster", $"\"{Cluster}\"")), Secrets, name, generation)
            .WithMetadata(metadata => metadata with
            {
                Finalizers = IsProtected ? [SinkProtection.Finalizer] : [],
                DeletionTimestamp = IsBeingDeleted ? Monday : null,
            });
}
