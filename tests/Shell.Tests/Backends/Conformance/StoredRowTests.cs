namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>The comparison of the hostile items detects a difference of one digit.</summary>
public sealed class StoredRowTests
{
    [Theory]
    [InlineData("""{"n":9007199254740993}""", """{"n":9007199254740992}""", false)]
    [InlineData("""{"n":0.12345678901234567890123456789012345}""", """{"n":0.12345678901234567890123456789012346}""", false)]
    [InlineData("""{"n":1e400}""", """{"n":1e401}""", false)]
    [InlineData("""{"a":1,"b":2}""", """{"b":2, "a":1}""", true)]
    [InlineData("""{"n":1.10}""", """{"n":11e-1}""", true)]
    [InlineData("""{"t":"é"}""", """{"t":"\u00e9"}""", true)]
    [InlineData("""{"t":"é"}""", """{"t":"e\u0301"}""", false)]
    public void A_payload_is_compared_by_value_and_exactly(string stored, string expected, bool equal) =>
        Assert.Equal(equal, StoredRow.Parse($$"""{"payload":{{stored}} }""").Holds(expected));
}
