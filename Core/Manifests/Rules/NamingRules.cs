using Kollect.Core.Formatting;
using Kollect.Core.Manifests.Blocks;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>spec.provisioning.naming</c>.</summary>
internal static class NamingRules
{
    private const string TemplatePath = "spec.provisioning.naming.template";

    public static IEnumerable<Finding> Template(KollectDatabaseSink sink) =>
        TemplateOf(sink).Match(
            template => template.Length == 0
                ? [new Finding(TemplatePath, "is empty; remove it to use the name in the backend block")]
                : Naming.Objections(template).Select(why => new Finding(TemplatePath, why)),
            () => []);

    /// <summary>The text around the placeholders must fit into a name for every inventory.</summary>
    public static IEnumerable<Finding> TemplateCanFit(KollectDatabaseSink sink) =>
        TemplateOf(sink).Filter(template => template.Length > 0 && !Naming.Objections(template).Any()).Match(
            template =>
            {
                var shortest = Naming.Render(template, Trimmed(sink.Spec.Cluster), "x", "x");
                return BackendBlocks.Of(sink.Spec).Bind(block => block.TableNameProblem(sink.Spec, shortest)).Match<IEnumerable<Finding>>(
                    why => [new Finding(TemplatePath, $"{Shown.Quoted(template)} cannot give a usable name, however short the inventory's is: {why}")],
                    () => []);
            },
            () => []);

    private static Option<string> TemplateOf(KollectDatabaseSink sink) =>
        sink.Spec.Provisioning?.Naming?.Template is { } template ? template.Trim() : None;
}
