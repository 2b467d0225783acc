using System.Reflection;
using System.Text.RegularExpressions;
using Kollect.Core.Collection;
using Kollect.Core.Explanations;
using Kollect.Core.Kubernetes;
using Kollect.Core.Operator;
using Kollect.Core.Operator.Status;

namespace Kollect.Core.Tests.ReferencePages;

public sealed partial class ConditionPageTests
{
    [Fact]
    public void Every_reason_has_its_place_on_the_page()
    {
        var page = new ReferencePage(
            "Conditions, reasons and events",
            "What the operator writes into the status of sinks, inventories and targets, and into events: when each reason is set, and what to do. "
            + "`kollect explain ExportRefused` prints the same as this page.");
        page.Heading(2, "Conditions").Paragraph(
            "A condition has the status `True`, `False` or `Unknown`, a reason for programs and a message for people. A condition that is absent has "
            + "nothing to say. `kubectl wait --for=condition=Ready` and kstatus (Flux, Argo CD) read them.");
        page.Items(ConditionTypes.All.AsEnumerable().Select(it => (it.Name, $"of {it.On}", it.Meaning)));
        page.Paragraph(
            "An inventory with several sinks has the worst status of each condition, with the reasons of the sinks that have it; "
            + "`status.sinkExports` has the "
            + "conditions of each sink.");
        Append(page, "Reasons of sinks", "reason of sinks", "`KollectDatabaseSink`.");
        Append(page, "Reasons of inventories", "reason of inventories", "`KollectInventory` and `KollectClusterInventory`.");
        Append(page, "Reasons of targets", "reason of targets", "`KollectTarget` and `KollectClusterTarget`.");
        page.Heading(2, "Events").Paragraph(
            "An event tells the begin and the end of a state, not its duration: it has the reason and the message of the condition `Ready` "
            + "(of a sink of an "
            + "inventory: `Synced`) when its status or reason changes. It is a Warning while the object is `Degraded`. Inventories have "
            + "these events besides, "
            + "about rows that are left at a location to which they no longer export:");
        foreach (var it in Topics.Reasons.Filter(it => it.Kind == "reason of events of inventories"))
            Append(page, it);
        page.Verify("conditions.md");
    }

    [Fact]
    public void Every_reason_is_in_a_table_and_has_a_sample_with_conditions()
    {
        var declared = typeof(Reason).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(it => it.PropertyType == typeof(Reason)).Select(it => (Reason)it.GetValue(null)!).ToArray();
        var listed = Sequences.Join(SinkReasons.All, InventoryReasons.All, TargetReasons.All, CleanupReasons.All).AsEnumerable().ToArray();
        Assert.Equal(declared.OrderBy(it => it.Name, StringComparer.Ordinal), listed.OrderBy(it => it.Name, StringComparer.Ordinal));
        Assert.Equal(listed.Length, Topics.Reasons.Count);
        Assert.All(Topics.Reasons, it =>
        {
            Assert.EndsWith(".", it.Meaning, StringComparison.Ordinal);
            Assert.NotEmpty(it.Messages);
        });
    }

    [Fact]
    public void Every_condition_type_is_in_the_table()
    {
        var used = Sequences.Join(SinkConditions.Types, InventoryConditions.Types, TargetSituation.Types).Distinct();
        Assert.Equal(used.OrderBy(it => it, StringComparer.Ordinal), ConditionTypes.All.Map(it => it.Name).OrderBy(it => it, StringComparer.Ordinal));
    }

    /// <summary>A condition is built by Condition.Row, which takes a reason of a table; an event takes the name of one.</summary>
    [Fact]
    public void No_reason_is_written_as_a_text()
    {
        var sources = Directory.EnumerateFiles(Repository.At("Core"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not ("Condition.cs" or "StatusCondition.cs"));
        Assert.Empty(sources.Where(file => ReasonAsText().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName));
    }

    private static void Append(ReferencePage page, string title, string kind, string about)
    {
        page.Heading(2, title).Paragraph(about);
        foreach (var it in Topics.Reasons.Filter(it => it.Kind == kind))
            Append(page, it);
    }

    private static void Append(ReferencePage page, Topic reason)
    {
        page.Heading(3, reason.Name).Paragraph($"{reason.Meaning} {reason.Remedy.Match(remedy => remedy, () => "")}");
        page.Items(reason.Messages.AsEnumerable().Select(it => it.Split(": ", 2) is [var states, var message]
            ? ("", "", $"`{states}`: {message}")
            : ("", "", it)));
    }

    [GeneratedRegex("new Condition\\(|new ObjectEvent\\(\\s*\\w+,\\s*[$\"]")]
    private static partial Regex ReasonAsText();
}
