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

    public static ReadOnlyMemory<byte> Bytes(this ManifestDocument document) =>
        document.Json.IfLeft(problems => throw new Xunit.Sdk.XunitException(string.Join('\n', problems)));

    public static string Json(this ManifestDocument document) => Encoding.UTF8.GetString(document.Bytes().Span);

    /// <summary>The JSON of <c>x</c>, written below a complete object.</summary>
    public static string Value(string yaml)
    {
        using var json = System.Text.Json.JsonDocument.Parse(One(Head + "x: " + yaml).Bytes());
        return json.RootElement.GetProperty("x").GetRawText();
    }

    public static string Problem(string yaml) => Assert.Single(Problems(yaml)).ToString();

    /// <summary>The problems of the text, and those of the objects in it.</summary>
    public static Seq<ManifestProblem> Problems(string yaml)
    {
        var set = Text(yaml);
        return Kollect.Core.Sequences.Join(set.Problems, set.Documents.Bind(document => document.Json.LeftToSeq()).Bind(problems => problems));
    }
}
