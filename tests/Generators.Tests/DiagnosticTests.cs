using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Kollect.Generators.Tests;

public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("a: { type: string, multipleOf: 2 }", "KGEN002", 0, "multipleOf")]
    [InlineData("a:\n  type: strang", "KGEN003", 1, "strang")]
    [InlineData("a:\n  type: string\n  format: uri", "KGEN003", 2, "uri")]
    [InlineData("a:\n  type: integer\n  minimum: low", "KGEN003", 2, "low")]
    [InlineData("a:\n  type: string\n  pattern: '['", "KGEN003", 2, "[")]
    [InlineData("a:\n  type: string\n  enum: [x, y]\n  default: z", "KGEN003", 3, "z")]
    [InlineData("a:\n  type: object\n  default: { b: 1 }", "KGEN003", 2, "default")]
    [InlineData("a:\n  type: array\n  items: { type: string }\n  default: []", "KGEN002", 3, "default")]
    [InlineData("a:\n  type: array", "KGEN004", 1, "items")]
    [InlineData("a:\n  description: no type", "KGEN004", 1, "type")]
    [InlineData("a: [", "KGEN001", 1, "")]
    [InlineData("a:\n  type: string\n  pattern: ^(?!x)", "KGEN003", 2, "(?!x)")]
    [InlineData("a:\n  type: string\n  pattern: (a)\\1", "KGEN003", 2, "back-reference")]
    [InlineData("a:\n  type: object\n  required: [bb]\n  properties: { b: { type: string } }", "KGEN003", 2, "bb")]
    [InlineData("max-size: { type: string }\nmaxSize: { type: string }", "KGEN005", 1, "max-size is MaxSize already")]
    [InlineData("a: { type: string }\nclone: { type: string }", "KGEN005", 1, "every record has a member Clone")]
    [InlineData("a:\n  type: string\n  enum:\n  - up\n  - Up", "KGEN005", 4, "up is Up already")]
    public void An_unsupported_key_is_an_error_on_its_line(string properties, string id, int line, string subject)
    {
        var diagnostic = Generation.Run(("widget.yaml", Generation.Crd(properties))).Diagnostics.First();
        var span = diagnostic.Location.GetLineSpan();
        Assert.Equal((id, DiagnosticSeverity.Error), (diagnostic.Id, diagnostic.Severity));
        Assert.Equal(("widget.yaml", Generation.FirstLine + line), (span.Path, span.StartLinePosition.Line + 1));
        Assert.Contains(subject, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void A_diagnostic_underlines_the_word_concerned()
    {
        var yaml = Generation.Crd("a: { type: string, multipleOf: 2 }");
        var span = Generation.Run(("widget.yaml", yaml)).Diagnostics.Single().Location.SourceSpan;
        Assert.Equal("multipleOf", yaml.Substring(span.Start, span.Length));
    }

    [Theory]
    [InlineData(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    [InlineData(@"^(?:\(\?=a\)|\d+|(?i)x)$")]
    public void A_pattern_that_both_engines_support_is_accepted(string pattern) =>
        Assert.Empty(Generation.Run(("widget.yaml", Generation.Crd($"a: {{ type: string, pattern: '{pattern}' }}"))).Diagnostics);

    [Fact]
    public void Several_problems_are_reported_at_once() =>
        Assert.Equal(3, Generation.Run(("widget.yaml", Generation.Crd("a: { type: x }\nb: { type: y }\nc: { oneOf: [], type: string }"))).Diagnostics.Length);
}
