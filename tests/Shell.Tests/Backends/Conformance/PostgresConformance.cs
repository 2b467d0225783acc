namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>As in mode <c>existing</c> where the administrator has created no ledger.</summary>
public sealed class PostgresWithoutLedgerConformance : ConformanceCases
{
    private protected override async Task<Mirror> CreateAsync() => await PostgresMirror.CreateAsync() with { KeepsLedger = false };

    private protected override async Task<Mirror> CreateOwnAsync() => await PostgresMirror.CreateOwnAsync() with { KeepsLedger = false };
}

public sealed class PostgresConformance : ConformanceCases
{
    private protected override async Task<Mirror> CreateAsync() => await PostgresMirror.CreateAsync();

    private protected override async Task<Mirror> CreateOwnAsync() => await PostgresMirror.CreateOwnAsync();
}
