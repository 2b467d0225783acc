namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>As in mode <c>existing</c> where the administrator has created no ledger.</summary>
public sealed class MongoDbWithoutLedgerConformance(SharedMongoDb shared) : ConformanceCases, IClassFixture<SharedMongoDb>
{
    private protected override async Task<Mirror> CreateAsync() => MongoDbMirror.Over(await shared.ServerAsync) with { KeepsLedger = false };

    private protected override async Task<Mirror> CreateOwnAsync() =>
        await MongoDbMirror.CreateOwnAsync("fault switches") with { KeepsLedger = false };
}

public sealed class MongoDbConformance(SharedMongoDb shared) : ConformanceCases, IClassFixture<SharedMongoDb>
{
    private protected override async Task<Mirror> CreateAsync() => MongoDbMirror.Over(await shared.ServerAsync);

    private protected override async Task<Mirror> CreateOwnAsync() => await MongoDbMirror.CreateOwnAsync("fault switches");
}
