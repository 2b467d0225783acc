using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Bson;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class BsonNumberTests
{
    [Property(MaxTest = 5000)]
    public Property A_number_is_stored_exactly_or_rejected() =>
        Prop.ForAll(Arb.From(SomeJson.Numbers), literal =>
        {
            var number = BsonNumber.Of(Encoding.UTF8.GetBytes(literal));
            Assert.Equal(SomeJson.IsDecimal128(literal), number.IsSome);
            Assert.Equal(number.IsNone, Limits.Instance.ObjectionToNumber(Encoding.UTF8.GetBytes(literal)).IsSome);
            number.IfSome(stored => Assert.Equal(SomeJson.ValueOf(literal), SomeJson.ValueOf(PlainJson.Number(stored.Type, stored.Bits))));
        });

    [Theory]
    [InlineData("0", nameof(BsonType.Int32), "0")]
    [InlineData("-2147483648", nameof(BsonType.Int32), "-2147483648")]
    [InlineData("2147483648", nameof(BsonType.Int64), "2147483648")]
    [InlineData("-9223372036854775808", nameof(BsonType.Int64), "-9223372036854775808")]
    [InlineData("9223372036854775808", nameof(BsonType.Decimal128), "9223372036854775808E0")]
    [InlineData("100000000000000000000", nameof(BsonType.Decimal128), "1E20")]
    [InlineData("0.1", nameof(BsonType.Double), "0.1")]
    [InlineData("0.10", nameof(BsonType.Double), "0.1")]
    [InlineData("1.0", nameof(BsonType.Double), "1")]
    [InlineData("1e2", nameof(BsonType.Double), "100")]
    [InlineData("5e-324", nameof(BsonType.Double), "5E-324")]
    [InlineData("-0", nameof(BsonType.Double), "-0")]
    [InlineData("-0.0e5", nameof(BsonType.Double), "-0")]
    [InlineData("0e99999999999", nameof(BsonType.Double), "0")]
    [InlineData("-0e-99999999999", nameof(BsonType.Double), "-0")]
    [InlineData("0.30000000000000004", nameof(BsonType.Double), "0.30000000000000004")]
    [InlineData("0.3000000000000000444", nameof(BsonType.Decimal128), "3000000000000000444E-19")]
    [InlineData("1e400", nameof(BsonType.Decimal128), "1E400")]
    [InlineData("1e-400", nameof(BsonType.Decimal128), "1E-400")]
    [InlineData("1e6144", nameof(BsonType.Decimal128), "1000000000000000000000000000000000E6111")]
    [InlineData("-1234567890123456789012345678901234e-6176", nameof(BsonType.Decimal128), "-1234567890123456789012345678901234E-6176")]
    public void The_type_is_the_smallest_that_holds_the_value(string literal, string type, string stored)
    {
        var number = BsonNumber.Of(Encoding.UTF8.GetBytes(literal)).IfNone(() => throw new InvalidOperationException(literal));
        Assert.Equal((type, stored), (number.Type.ToString(), PlainJson.Number(number.Type, number.Bits)));
    }

    [Theory]
    [InlineData("12345678901234567890123456789012345")]
    [InlineData("0.12345678901234567890123456789012345")]
    [InlineData("1e6145")]
    [InlineData("1e-6177")]
    [InlineData("1e99999999999999999999")]
    [InlineData("-1e-99999999999999999999")]
    public void A_number_that_no_type_holds_is_rejected(string literal) => Assert.True(BsonNumber.Of(Encoding.UTF8.GetBytes(literal)).IsNone);
}
