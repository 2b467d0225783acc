using Kollect.Shell.Concurrency;

namespace Kollect.Operator.Controllers;

/// <summary>The limits of concurrent exports and removals, which all shards of the process share.</summary>
internal sealed class ExportSlots(OperatorOptions options)
{
    public Bulkhead Exports { get; } = new(options.MaxConcurrentExports, options.HasTenants);

    public Bulkhead Removals { get; } = new(options.MaxConcurrentExports, options.HasTenants);
}
