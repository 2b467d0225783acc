using Kollect.Fuzz.Tests.Engine;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>Every parser of text or bytes that the program did not write itself.</summary>
internal static class AllTargets
{
    public static IReadOnlyList<FuzzTarget> List { get; } =
    [
        new ManifestTarget(), new SnapshotTarget(), new PostgresSecretTarget(), new MongoDbSecretTarget(), new BigQuerySecretTarget(), new AdmissionTarget(),
        new WatchTarget(), new ApiAnswerTarget(), new MongoDbAnswerTarget(), new BigQueryAnswerTarget(), new FaultTarget(),
    ];

    public static FuzzTarget Named(string name) => List.Single(it => it.Name == name);
}
