using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;

namespace Kollect.Core.Tests.Backends;

/// <summary>What holds for the table of errors of every backend.</summary>
internal static class ErrorProperties
{
    private static readonly Gen<string> Part =
        Gen.Elements("abcdefghijkmnpqrsuvwxyzABCDEFG0123456789_-".ToCharArray()).ArrayOf(9).Select(letters => new string(letters));

    /// <summary>An error with any code and text is one line with stage, cause and remedy.</summary>
    public static void IsClassifiedInOneLine(this ErrorTable table, string code, string text)
    {
        var message = table.Classify(Stage.Export, new Fault.Server(code, text), Redactor.WithoutSecrets).Message;
        Assert.StartsWith("export: ", message, StringComparison.Ordinal);
        Assert.Contains(" — ", message, StringComparison.Ordinal);
    }

    /// <summary>No message shows a part of a Secret that the server's text contains.</summary>
    /// <param name="codes">Codes as the server sends them.</param>
    /// <param name="texts">Messages of the server that contain names: {0} user, {1} database, {2} host, {3} password.</param>
    public static Property ShowsNoPartOfASecret(this ErrorTable table, IEnumerable<string> codes, params string[] texts)
    {
        var faults = from code in Gen.Elements(codes) from text in Gen.Elements(texts) select (code, text);
        return Prop.ForAll(Arb.From(Part.ArrayOf(4)), Arb.From(faults), Arb.From(Gen.Elements(Enum.GetValues<Stage>())), (parts, fault, stage) =>
        {
            var redactor = Redactor.For(parts.Select(part => new SecretText(part)).ToSeq());
            var text = string.Format(CultureInfo.InvariantCulture, fault.text, [.. parts]);
            var message = table.Classify(stage, new Fault.Server(fault.code, text), redactor).Message;
            Assert.All(parts, part => Assert.DoesNotContain(part, message, StringComparison.OrdinalIgnoreCase));
        });
    }
}
