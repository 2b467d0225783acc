namespace Kollect.Shell.Tests.Backends.Conformance;

public sealed class MongoDbConformance(SharedMongoDb shared) : ConformanceCases, IClassFixture<SharedMongoDb>
{
    private protected override async Task<Mirror> CreateAsync() => MongoDbMirror.Over(await shared.ServerAsync);

    private protected override async Task<Mirror> CreateOwnAsync() => await MongoDbMirror.CreateOwnAsync("fault switches");
}
