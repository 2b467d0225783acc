using Kollect.Core.Formatting;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Sinks;

/// <summary><c>provisioning.naming.template</c>: the table or collection of one inventory, e.g. <c>inv_{namespace}_{name}</c>.</summary>
internal static class Naming
{
    /// <summary>The placeholders: the cluster label, and namespace and name of the inventory.</summary>
    public static Seq<string> Placeholders { get; } = Seq("cluster", "namespace", "name");

    /// <summary>The location of the rows of a scope in <paramref name="sink"/>. Left = why the rendered name is invalid.</summary>
    public static Either<string, TableLocation> LocationOf(Sink sink, Scope scope) =>
        sink.Settings.NamingTemplate
            .Match(
                template => Checked(sink, template, Render(template, scope.Cluster, scope.InventoryNamespace, scope.InventoryName)),
                () => Right<string, string>(sink.Location.Table))
            .Map(table => sink.Location with { Table = table, Cluster = scope.Cluster });

    /// <summary>The location with the placeholders of its table unrendered, for a text that is not about one inventory.</summary>
    public static TableLocation Unrendered(Sink sink) => sink.Location with { Table = sink.Settings.NamingTemplate.IfNone(sink.Location.Table) };

    /// <summary>The problems of a template; empty = valid. Its result depends on the inventory and is checked by <see cref="LocationOf"/>.</summary>
    internal static IEnumerable<string> Objections(string template)
    {
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] == '}')
                yield return $"{Shown.Quoted(template)}: '}}' at character {at + 1} closes nothing; braces cannot stand in a name";
            if (template[at] != '{')
                continue;
            var end = template.IndexOf('}', at);
            if (end < 0)
            {
                yield return $"{Shown.Quoted(template)}: '{{' at character {at + 1} is never closed; possible are {All}";
                yield break;
            }

            var placeholder = template[(at + 1)..end];
            if (!Placeholders.Contains(placeholder))
                yield return $"{Shown.Quoted(template)}: unknown placeholder {{{placeholder}}}; "
                    + $"possible are {All}{Nearest.DidYouMean(placeholder, Placeholders)}";
            at = end;
        }
    }

    private static string All => string.Join(", ", Placeholders.Map(name => $"{{{name}}}"));

    private static Either<string, string> Checked(Sink sink, string template, string name) =>
        sink.TableNameProblem(name).Match(
            why => Left<string, string>($"provisioning.naming.template {Shown.Quoted(template)} gives a name that cannot be used: {why}"),
            () => Right<string, string>(name));

    /// <summary>Each placeholder is replaced once: braces in a value are not replaced again.</summary>
    internal static string Render(string template, string cluster, string inventoryNamespace, string inventoryName)
    {
        var name = new System.Text.StringBuilder();
        for (var at = 0; at < template.Length; at++)
        {
            var end = template[at] == '{' ? template.IndexOf('}', at) : -1;
            if (end < 0)
            {
                name.Append(template[at]);
                continue;
            }

            name.Append(template[(at + 1)..end] switch
            {
                "cluster" => cluster,
                "namespace" => inventoryNamespace,
                "name" => inventoryName,
                var other => $"{{{other}}}",
            });
            at = end;
        }

        return name.ToString();
    }
}
