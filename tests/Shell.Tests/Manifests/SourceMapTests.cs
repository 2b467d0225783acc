namespace Kollect.Shell.Tests.Manifests;

public class SourceMapTests
{
    private const string Sink = """
        # first line
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata:
          name: inventory
          annotations: {kollect.dev/x.y: z}
        spec:
          options: &options
            statement_timeout: 30s
            a.b: c
          postgres:
            table:
              inventory
          more:
            <<: *options
        status:
          conditions:
          - type: A
            status: "True"
          - status: "True"
            type: B
        """;

    [Theory]
    [InlineData("", 2)]
    [InlineData("spec", 7)]
    [InlineData("spec.options[statement_timeout]", 9)]
    [InlineData("spec.options[a.b]", 10)]
    [InlineData("spec.options[missing]", 8)]
    [InlineData("spec.postgres.table", 12)]
    [InlineData("spec.postgres.schema", 11)]
    [InlineData("spec.postgres.table.deeper", 12)]
    [InlineData("spec.mongodb.uri", 7)]
    [InlineData("spec.more[a.b]", 10)]
    [InlineData("metadata.annotations[kollect.dev/x.y]", 6)]
    [InlineData("status.conditions[0].type", 18)]
    [InlineData("status.conditions[1]", 20)]
    [InlineData("status.conditions[1].type", 21)]
    [InlineData("status.conditions[2].type", 17)]
    [InlineData("unknown", 2)]
    [InlineData("[[]..].[", 2)]
    public void A_path_has_the_line_of_its_field_or_of_the_nearest_ancestor(string path, int line) =>
        Assert.Equal(line, Reading.One(Sink).Source.LineOf(path));

    [Fact]
    public void Lines_count_from_the_start_of_the_file_not_of_the_document() =>
        Assert.Equal(4 + 9, Reading.Text($"{Reading.Head}---\n{Sink}").Documents[1].Source.LineOf("spec.options[statement_timeout]"));
}
