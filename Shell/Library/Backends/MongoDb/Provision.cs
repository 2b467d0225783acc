using Kollect.Core.Backends.MongoDb;

namespace Kollect.Shell.Backends.MongoDb;

/// <summary>Creates what is missing.</summary>
internal static class Provision
{
    /// <summary>Someone who does the same at the same time is welcome.</summary>
    public static async Task RunAsync(IMongoDb server, Desired desired, Observed observed, CancellationToken cancel)
    {
        foreach (var change in Diff.Between(desired, observed).Match(changes => changes, _ => Empty))
            try
            {
                await server.CommandAsync(desired.Collection.Database, Commands.Create(change), cancel);
            }
            catch (MongoDbException answer) when (Commands.IsAlreadyThere(change, answer.Fault))
            {
            }
    }
}
