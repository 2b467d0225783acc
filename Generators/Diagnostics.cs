using Kollect.Generators.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Kollect.Generators;

/// <summary>All diagnostics of the generator. An id is never reused.</summary>
public static class Diagnostics
{
    /// <summary>The file is not YAML.</summary>
    public static readonly DiagnosticDescriptor NotYaml = Error("KGEN001", "CRD is not YAML", "{0}: {1}");

    /// <summary>A schema key that the generator does not support; ignoring it would lose a rule.</summary>
    public static readonly DiagnosticDescriptor UnknownKey = Error("KGEN002", "Unknown schema key", "The schema key '{0}' is not known to the generator: {1}");

    /// <summary>A key with an unsupported value, such as a type or a format.</summary>
    public static readonly DiagnosticDescriptor BadValue = Error("KGEN003", "Schema value not possible", "'{0}' is not possible here: {1}");

    /// <summary>A required part of a CRD is missing.</summary>
    public static readonly DiagnosticDescriptor Missing = Error("KGEN004", "CRD is incomplete", "'{0}' is missing: {1}");

    /// <summary>Two fields or values would get the same C# name, or a field the name of a member that every record has.</summary>
    public static readonly DiagnosticDescriptor NameClash = Error("KGEN005", "C# name is taken", "'{0}' cannot have a C# name of its own: {1}");

    /// <summary>Two CRDs have the same kind and version, so that their types would have the same names.</summary>
    public static readonly DiagnosticDescriptor DuplicateKind = Error("KGEN006", "Kind is taken", "'{0}' cannot be generated twice: {1}");

    /// <summary>The compiler or the framework is too old for the emitted code.</summary>
    public static readonly DiagnosticDescriptor TooOld = Error("KGEN007", "Compiler or framework is too old", "The models of CRDs need {0}");

    private static readonly DiagnosticDescriptor[] All = [NotYaml, UnknownKey, BadValue, Missing, NameClash, DuplicateKind];

    /// <summary>The problem as a compiler diagnostic on its line of the YAML file.</summary>
    public static Diagnostic Of(SchemaProblem problem) => Diagnostic.Create(
        All.Single(descriptor => descriptor.Id == problem.Id), At(problem.Position), problem.Subject, problem.Detail);

    private static Location At(FilePosition position)
    {
        var start = new LinePosition(position.Line, position.Column);
        var end = new LinePosition(position.Line, position.Column + position.Length);
        return Location.Create(position.Path, new TextSpan(position.Offset, position.Length), new LinePositionSpan(start, end));
    }

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Kollect.Schema", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
