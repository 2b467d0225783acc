using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Collection;
using Kollect.Core.Explanations;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using static Kollect.Core.Tests.Manifests.InventoryManifests;

namespace Kollect.Core.Tests.Manifests;

/// <summary>What becomes of each sample manifest that the Go operator publishes: admitted or refused, and of a profile the attributes of an object.</summary>
public sealed class GoOperatorSamplesTests
{
    private const string Object = """
        { "metadata": { "name": "web", "namespace": "platform", "uid": "u", "generation": 7, "labels": { "app.kubernetes.io/name": "web" } },
          "spec": { "values": { "a": 1 }, "rules": [ { "host": "a.example.com" } ], "tls": [ { "hosts": [ "a.example.com" ] } ], "ports": [ { "port": 80 } ],
                    "replicas": 2,
                    "template": { "spec": { "containers": [ { "image": "web:1", "env": [ { "name": "A", "value": "1" } ] }, { "image": "proxy:2" } ] } } },
          "status": { "phase": "Active", "sync": { "status": "Synced" }, "operationState": {}, "history": [ { "version": 4 } ],
                      "conditions": [ { "status": "True" } ] } }
        """;

    [Fact]
    public void Every_sample_is_admitted_and_acts_or_is_listed_with_the_reason()
    {
        var list = new StringBuilder();
        foreach (var (path, kind, spec) in GoOperatorSamples.Samples)
        {
            var manifest = PlainManifests.Manifest(kind, JsonNode.Parse(spec)!);
            var result = KnownKinds.Find(kind).Match(
                validate => validate(Encoding.UTF8.GetBytes(manifest.ToJsonString())), () => throw new Xunit.Sdk.XunitException(kind));
            var verdict = !result.IsValid ? "refused" : result.Warnings.IsEmpty ? "admitted" : "admitted, with warnings";
            list.Append(CultureInfo.InvariantCulture, $"{path}: {verdict}\n");
            foreach (var problem in result.Problems.AsEnumerable().Concat(result.Warnings.AsEnumerable()))
                list.Append(CultureInfo.InvariantCulture, $"  {problem.Id} {problem.Path}: {problem.Message}\n");
            if (result.IsValid && kind == "KollectProfile")
                list.Append(CultureInfo.InvariantCulture, $"  attributes {Attributes(spec)}\n");
            if (result.IsValid && kind is "KollectTarget" or "KollectClusterTarget")
                list.Append(CultureInfo.InvariantCulture, $"  {Plan(path, kind, spec)}\n");
        }

        Golden.Verify(list.ToString(), "validation/go-operator-samples.txt");
    }

    private static string Attributes(string spec)
    {
        var target = Parsed<Target>("KollectTarget", JsonNode.Parse("""{ "profileRef": "any" }""")!);
        var extracted = Assert.IsType<Extracted.Collected>(
            Extraction.Item(Parsed<Profile>("KollectProfile", JsonNode.Parse(spec)!), target, Encoding.UTF8.GetBytes(Object)));
        Assert.Empty(extracted.Problems);
        return JsonNode.Parse(extracted.Item.Json.Span)!["attributes"]!.ToJsonString();
    }

    /// <summary>With the profile beside the sample, or one of Deployments where there is none.</summary>
    private static string Plan(string path, string kind, string spec)
    {
        var target = Parsed<Target>(kind, JsonNode.Parse(spec)!);
        var beside = path.Replace("target.yaml", "profile.yaml", StringComparison.Ordinal);
        var text = GoOperatorSamples.Samples.Where(it => it.Kind == "KollectProfile" && it.Path == beside).Select(it => it.Spec).FirstOrDefault(ProfileSpec);
        var profile = Parse(Manifest("KollectProfile", JsonNode.Parse(text)!)).Map(it => (Profile)it);
        var plan = TargetPlan.Of(
            Right<Seq<Problem>, Target>(target),
            Some(profile),
            new KindAvailability.Served(IsNamespaced: profile.Match(it => it.Kind.Kind != "Namespace", _ => true)),
            new NamespacesAvailability.Known(),
            NamespaceGrants.Of(target, acrossNamespaces: false, [], mayHoldRows: false));
        var objects = target.Settings.Objects;
        return plan switch
        {
            TargetPlan.Collect => $"collects labels \"{objects.Labels}\", namespaces \"{objects.Namespaces.Labels}\", {objects.Watch}",
            TargetPlan.Unlistable it => $"collects nothing, {it.Reason.Name}: {it.Why}",
            _ => throw new Xunit.Sdk.XunitException(path),
        };
    }
}
