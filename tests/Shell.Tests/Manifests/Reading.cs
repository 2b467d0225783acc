using System.Text;
using Kollect.Shell.Manifests;

namespace Kollect.Shell.Tests.Manifests;

internal static class Reading
{
    public const string Head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

    public static ManifestSet Text(string yaml) => ManifestText.Read("a.yaml", Encoding.UTF8.GetBytes(yaml));

    public static ManifestDocument One(string yaml)
    {
        var set = Text(yaml);
        Assert.Empty(set.Problems);
        return Assert.Single(set.Documents);
    }

    public static string Json(this ManifestDocument document) => Encoding.UTF8.GetString(document.Json.Span);

    /// <summary>The JSON of <c>x</c>, written below a complete object.</summary>
    public static string Value(string yaml)
    {
        using var json = System.Text.Json.JsonDocument.Parse(One(Head + "x: " + yaml).Json);
        return json.RootElement.GetProperty("x").GetRawText();
    }

    public static string Problem(string yaml) => Assert.Single(Text(yaml).Problems).ToString();
}
