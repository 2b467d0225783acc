using Kollect.Shell.Manifests;

namespace Kollect.Shell.Tests.Manifests;

public class SecretManifestsTests
{
    private const string Head = "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop, annotations: {a: b}}\n";

    [Fact]
    public void Data_is_decoded_and_stringData_wins()
    {
        const string Rest = "type: Opaque\nimmutable: true\ndata: {user: Ym9i, password: b2xk, empty: null}\nstringData: {password: new}\n";
        var secret = SecretManifests.Read(Reading.One(Head + Rest)).RightAsEnumerable().Single();
        Assert.Equal(("shop", "db"), (secret.Ref.Namespace, secret.Ref.Name));
        Assert.Equal(
            ["empty=", "password=new", "user=bob"],
            secret.Data.AsEnumerable().Select(pair => $"{pair.Key}={pair.Value.Reveal()}").Order(StringComparer.Ordinal));
        Assert.Equal("b", secret.Annotations["a"]);
    }

    [Fact]
    public void Values_of_several_lines_are_decoded() =>
        Assert.Equal("bob bob", Values("data:\n  user: |\n    Ym9i\n    IGJvYg==\n")["user"].Reveal());

    [Fact]
    public void A_binary_value_is_omitted() =>
        Assert.Equal(["user"], Values("data: {keystore: //79, user: Ym9i}\n").Keys);

    [Fact]
    public void A_bad_value_is_named_by_its_key_and_line_and_never_shown()
    {
        const string Bad = "data:\n  user: hunter2!\n  password: 1234567\nstringData:\n  port: 54321\n";
        var problems = SecretManifests.Read(Reading.One(Head + Bad)).LeftAsEnumerable().Single();
        Golden.Verify(string.Join('\n', problems), "manifests/secret.txt");
        Assert.DoesNotMatch("hunter2|1234567|54321", string.Join('\n', problems));
    }

    [Fact]
    public void Another_kind_is_refused() =>
        Assert.True(SecretManifests.Read(Reading.One(Reading.Head)).IsLeft);

    [Fact]
    public void Nothing_prints_a_value()
    {
        const string Text = Head + "stringData: {password: hunter2}\n---\n" + Head + "stringData: {password: *hunter2}\n---\n"
            + Head + "stringData: {password: !hunter2 x}\n---\n" + Head + "stringData:\n  password: \"hunter2\n---\n"
            + Head + "stringData:\n  password: @hunter2\n---\n" + Head + "stringData:\n  password: %hunter2\n---\n"
            + Head + "stringData:\n  password: hunter2: hunter2\n---\n" + Head + "stringData:\n  password: &hunter2, x\n---\n"
            + Head + "stringData:\n  password: {hunter2\n---\n" + Head + "stringData:\n  password: \"\\hunter2\"\n---\n"
            + Head + "stringData:\n  password: !h!hunter2 x\n---\n" + Head + "stringData:\n  password: !!binary hunter2\n";
        var (set, problems) = (Reading.Text(Text), Reading.Problems(Text));
        Assert.Equal(10, problems.Count);
        Assert.DoesNotContain("hunter2", set.ToString() + string.Join('\n', problems) + set.Documents[0] + set.Documents[0].Source
            + SecretManifests.Read(set.Documents[0]), StringComparison.Ordinal);
    }

    private static HashMap<string, Core.Secrets.SecretText> Values(string yaml) =>
        SecretManifests.Read(Reading.One(Head + yaml)).RightAsEnumerable().Single().Data;
}
