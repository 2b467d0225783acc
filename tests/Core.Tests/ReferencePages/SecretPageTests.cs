using System.Text.RegularExpressions;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Explanations;

namespace Kollect.Core.Tests.ReferencePages;

public sealed partial class SecretPageTests
{
    [Fact]
    public void Every_key_of_a_Secret_has_its_place_on_the_page()
    {
        var page = new ReferencePage(
            "Keys of Secrets",
            "Which keys of a Secret are read, by the field of the sink that refers to the Secret. Other keys are not read. "
            + "Messages name keys and positions, never values.");
        page.Paragraph(
            "`key` beside the name of the Secret (`spec.postgres.databaseRef.key`, `spec.mongodb.databaseRef.key`) names the one key that "
            + "holds the connection string. "
            + "Without it the first well-known key with a value is read. Where a Secret has a connection string and keys of single parts, "
            + "the parts complete it; where "
            + "both state the same they must agree, except for host and port.");
        foreach (var (field, keys) in SecretKeyTable.All)
        {
            page.Heading(2, $"`{field}`");
            if (PrefixesOf(field) is { IsEmpty: false } prefixes)
                page.Paragraph(
                    "Keys of single parts are compared in lower case without other signs, and may begin with "
                    + $"{string.Join(", ", prefixes.Map(it => $"`{it}`"))}: {Examples(field)} are read.");
            page.Items(Items(keys, areRefused: false));
            if (keys.Exists(it => it.IsRefused))
                page.Paragraph("A value under one of these keys is refused, because the connection would be another one than the Secret asks for:")
                    .Items(Items(keys, areRefused: true));
        }

        page.Verify("secrets.md");
        var named = Code().Matches(page.ToString()).Select(match => Plain(match.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal);
        Assert.All(PostgresKeys.Names.Concat(MongoDbKeys.Keys), key => Assert.Contains(key, named));
    }

    [Fact]
    public void Every_field_that_refers_to_a_Secret_has_its_keys_on_the_page() => Assert.Equal(
        Field().Matches(Pages.Read("docs/reference/crds.md")).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal),
        SecretKeyTable.All.Map(it => it.Field).OrderBy(it => it, StringComparer.Ordinal));

    private static IEnumerable<(string Name, string Facts, string Prose)> Items(Seq<SecretKey> keys, bool areRefused) =>
        keys.Filter(it => it.IsRefused == areRefused).AsEnumerable().GroupBy(it => it.Meaning).Select(group => (
            "",
            "",
            $"{string.Join(", ", group.SelectMany(key => key.Keys).Select(it => $"`{it}`"))}: "
            + $"{char.ToUpperInvariant(group.Key[0])}{group.Key[1..].TrimEnd('.')}."));

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    [GeneratedRegex("`(?<name>spec\\.[\\w.]*([sS]ecret|database)Ref)`")]
    private static partial Regex Field();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Code();

    private static Seq<string> PrefixesOf(string field) => field switch
    {
        "spec.postgres.databaseRef" => PostgresKeys.KeyPrefixes,
        "spec.mongodb.databaseRef" => MongoDbKeys.KeyPrefixes,
        _ => Empty,
    };

    private static string Examples(string field) =>
        field.Contains("mongodb", StringComparison.Ordinal) ? "`MONGODB_HOST`, `auth-source` and `MONGO_USERNAME`" : "`PGHOST`, `db-name` and `DATABASE_USER`";
}
