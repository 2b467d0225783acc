namespace Kollect.Shell.Tests.Backends.Conformance;

public sealed class PostgresConformance : ConformanceCases
{
    private protected override async Task<Mirror> CreateAsync() => await PostgresMirror.CreateAsync();

    private protected override async Task<Mirror> CreateOwnAsync() => await PostgresMirror.CreateOwnAsync();
}
