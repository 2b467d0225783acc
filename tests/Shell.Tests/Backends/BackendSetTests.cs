using Kollect.Core.Backends.Postgres;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using Kollect.MongoDb;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Tests.Backends;

public sealed class BackendSetTests
{
    [Fact]
    public void A_sink_of_a_backend_that_the_program_lacks_is_refused_with_the_remedy()
    {
        var sink = new PostgresSink(
            new SinkSettings(
                "shop", "warehouse", KollectDatabaseSinkMode.Ensure,
                None, HashMap<string, string>(), false, None, true, "", new TlsSettings(None, None, false), None),
            new SecretRef("shop", "dsn"),
            "public",
            "items");
        var opened = new BackendSet([MongoDbBackend.Instance], DialGuard.Unrestricted).With(_ => None).Open(sink, sink.Location);
        Assert.Equal(
            "connect: this program is built without the backend of PostgreSQL — add its package, and its Instance to the backends",
            opened.Match(Right: _ => "", Left: failure => Assert.IsType<Failure.Refused>(failure).Message));
    }
}
