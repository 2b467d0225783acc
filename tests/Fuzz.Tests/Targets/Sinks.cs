using System.Text;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>A sink of each backend.</summary>
internal static class Sinks
{
    public static MongoDbSink MongoDb { get; } = (MongoDbSink)Of(
        """{"type":"mongodb","cluster":"kind","mongodb":{"databaseRef":{"name":"uri"},"database":"inventory","collection":"items"}}""");

    public static BigQuerySink BigQuery { get; } = (BigQuerySink)Of(
        """{"type":"bigquery","cluster":"kind","bigquery":{"project":"acme-prod","dataset":"inventory","table":"items"}}""");

    private static Sink Of(string spec) => SinkObject.Read(Encoding.UTF8.GetBytes(
        $$"""{"apiVersion":"kollect.dev/v1alpha1","kind":"KollectDatabaseSink","metadata":{"name":"a","namespace":"shop"},"spec":{{spec}}}"""))
        .Spec.IfLeft(problems => throw new InvalidOperationException(problems.ToString()));
}
