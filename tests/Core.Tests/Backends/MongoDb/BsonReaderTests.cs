using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Bson;

namespace Kollect.Core.Tests.Backends.MongoDb;

/// <summary>Bytes of a server are untrusted: they are read, or a <see cref="FormatException"/> is thrown.</summary>
public sealed class BsonReaderTests
{
    /// <summary>One element of each type, including types that Kollect does not write (bsonspec.org, version 1.1).</summary>
    private static readonly string[] EveryType =
    [
        "01-6400-182D4454FB210940", "02-7300-03000000-686900", "03-6F00-08000000-0A6E0000", "04-6100-0C000000-1030000100000000",
        "05-6200-02000000-00-CAFE", "06-7500", "07-6900-000102030405060708090A0B", "08-7400-01", "09-6D00-0000000000000080",
        "0A-6E00", "0B-7200-5E2400-6900", "0C-7000-02000000-6300-000102030405060708090A0B", "0D-6A00-02000000-7600",
        "0E-7900-02000000-7600", "0F-7700-12000000-02000000-7600-08000000-0A6E0000", "10-3400-FFFFFFFF", "11-3500-0100000002000000",
        "12-3800-FFFFFFFFFFFFFF7F", "13-3900-00000000000000000000000000004030", "FF-6C00", "7F-6800",
    ];

    private static readonly byte[][] Whole =
    [
        Of("", EveryType),
        Of("""{"isWritablePrimary":true,"version":"7.0.5","ok":1.0}"""),
        Of("""{"cursor":{"firstBatch":[{"name":"i","type":"collection","key":{"a":1,"b":"text"},"unique":1.0,"sparse":false}],"id":0}}"""),
        Of("""{"authInfo":{"authenticatedUsers":[{"user":"u"}],"authenticatedUserPrivileges":[{"resource":{"db":"d","collection":""},"actions":["find"]}]}}"""),
        Of(
            """{"target_name":"t","source_uid":"u","cluster":"é","resource_namespace":"","payload":{"a":[1,0.1,1e400,null]}}""",
            EveryType[8].Replace("6D00", "6578706F727465645F617400", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Every_type_of_element_is_skipped_by_its_length()
    {
        var names = "";
        var reader = new BsonReader(Whole[0]);
        while (reader.Read())
            names += Encoding.UTF8.GetString(reader.Name);
        Assert.Equal("dsoabuitmnrpjyw4589lh", names);
    }

    [Fact]
    public void A_value_of_another_type_is_read_as_zero_or_empty()
    {
        Assert.True(BsonReader.Find(Whole[0], "4"u8, out var number));
        Assert.Equal((-1L, "", true), (number.AsInt64(), number.AsString(), number.AsBoolean()));
        Assert.True(BsonReader.Find(Whole[0], "d"u8, out var pi));
        Assert.Equal(3, pi.AsInt64());
        Assert.True(BsonReader.Find(Whole[0], "s"u8, out var text));
        Assert.Equal((0L, "hi", false), (text.AsInt64(), text.AsString(), text.AsBoolean()));
        Assert.True(BsonReader.Find(Whole[0], "m"u8, out var before));
        Assert.Equal(DateTimeOffset.MinValue, before.AsTime()); // earlier than the year 1
        Assert.True(text.AsTime().IsNone);
        Assert.False(BsonReader.Find(Whole[0], "absent"u8, out _));
    }

    [Fact]
    public void A_truncated_document_is_damaged()
    {
        foreach (var whole in Whole)
            for (var length = 0; length < whole.Length; length++)
                Assert.Throws<FormatException>(() => ReadAll(whole[..length]));
    }

    [Property(MaxTest = 20_000, Arbitrary = [typeof(Damaged)])]
    public void An_altered_document_is_read_or_damaged(byte[] bytes) => Try(bytes);

    [Property(MaxTest = 2000)]
    public void Any_bytes_are_read_or_damaged(byte[] bytes)
    {
        Try(bytes);
        // With a correct length, so that the elements are read.
        Try([.. BitConverter.GetBytes(bytes.Length + 5), .. bytes, 0]);
    }

    private static void Try(byte[] bytes)
    {
        Read[] ways =
        [
            it => ReadAll(it), it => Replies.IsWritable(it), it => Replies.Version(it), it => Replies.Privileges(it),
            it => Replies.KindOfCollection(it), it => Replies.Indexes(it), it => StoredRow.Read(it),
        ];
        foreach (var read in ways)
            try
            {
                read(bytes);
            }
            catch (FormatException)
            {
                // The only exception that damage may cause.
            }
    }

    private delegate void Read(ReadOnlySpan<byte> document);

    private static void ReadAll(ReadOnlySpan<byte> document)
    {
        var reader = new BsonReader(document);
        while (reader.Read())
        {
            _ = (reader.AsInt64(), reader.AsString(), reader.AsBoolean(), reader.AsTime());
            Assert.True(reader.Element[^reader.Value.Length..] == reader.Value, "Element does not end with Value");
            if (reader.Type is BsonType.Document or BsonType.Array)
                ReadAll(reader.AsDocument());
        }
    }

    /// <summary>A document with the members of <paramref name="json"/>, then these elements.</summary>
    private static byte[] Of(string json, params string[] elements)
    {
        var writer = new BsonWriter();
        BsonJson.WriteDocument(writer, Encoding.UTF8.GetBytes(json.Length == 0 ? "{}" : json));
        var members = writer.Written[sizeof(int)..^1].ToArray();
        return new BsonWriter()
            .StartDocument()
            .Elements([.. members, .. Convert.FromHexString(string.Concat(elements).Replace("-", "", StringComparison.Ordinal))])
            .End()
            .Written.ToArray();
    }

    /// <summary>Small numbers are types and lengths.</summary>
    private static class Damaged
    {
        public static Arbitrary<byte[]> Documents() => Arb.From(Damage.Of(
            Gen.Elements(Whole), Gen.OneOf(Gen.Choose(0, 24), Gen.Choose(0, 255)).Select(value => (byte)value)));
    }
}
