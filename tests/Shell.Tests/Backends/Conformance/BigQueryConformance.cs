namespace Kollect.Shell.Tests.Backends.Conformance;

public sealed class BigQueryConformance(SharedBigQuery shared) : ConformanceCases, IClassFixture<SharedBigQuery>
{
    private protected override async Task<Mirror> CreateAsync() => await BigQueryMirror.OverAsync(await shared.ServerAsync);

    private protected override async Task<Mirror> CreateOwnAsync() => await BigQueryMirror.CreateOwnAsync("fault switches");
}
