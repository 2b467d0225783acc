namespace Kollect.Generators.Schema;

/// <summary>A part of a schema that the generator does not support.</summary>
/// <param name="Id">One of <see cref="Diagnostics"/>.</param>
/// <param name="Position">Position in the file.</param>
/// <param name="Subject">The key or value concerned.</param>
/// <param name="Detail">The reason, or the supported alternatives.</param>
public sealed record SchemaProblem(string Id, FilePosition Position, string Subject, string Detail);

/// <summary>A position in a text file; all numbers count from zero.</summary>
public sealed record FilePosition(string Path, int Offset, int Length, int Line, int Column);
