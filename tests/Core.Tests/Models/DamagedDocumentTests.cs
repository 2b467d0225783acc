using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Models;

public sealed class DamagedDocumentTests
{
    private static readonly byte[] Whole = Encoding.UTF8.GetBytes("""
        {"apiVersion":"kollect.dev/v1alpha1","kind":"KollectDatabaseSink","metadata":{"name":"a","generation":3,"labels":{"x":"é"}},
         "spec":{"type":"postgres","options":{"work_mem":"64MB"},"connectionTest":true,"tls":{"caBundle":"aGk="},
         "postgres":{"databaseRef":{"name":"dsn"},"table":"\u00e9\ud83d\ude00","odd":[1.5e3,null,{}]}},
         "status":{"observedGeneration":2,"lastProbeTime":"2026-01-31T12:00:00Z","conditions":[{"type":"Ready","status":"True"}]}}
        """);

    [Property(MaxTest = 3000, Arbitrary = [typeof(Damaged)])]
    public void A_damaged_document_is_read_or_refused_and_never_throws(byte[] bytes)
    {
        var sink = KollectDatabaseSink.ReadJson(bytes, out var problems);
        Assert.True(sink is not null || problems.Count == 1, "a document without a model has exactly one problem");
    }

    private static class Damaged
    {
        public static Arbitrary<byte[]> Documents() => Arb.From(Damage.Of(
            Gen.Constant(Whole),
            Gen.OneOf(Gen.Elements("{}[]\",:\\0123456789-.eEtfnul \n"u8.ToArray()), Gen.Choose(0, 255).Select(value => (byte)value))));
    }
}
