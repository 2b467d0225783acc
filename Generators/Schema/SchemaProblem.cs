namespace Kollect.Generators.Schema;

/// <summary>Something in a schema that the generator cannot honour.</summary>
/// <param name="Id">One of <see cref="Diagnostics"/>.</param>
/// <param name="Place">Where in the file.</param>
/// <param name="Subject">The key or value in question.</param>
/// <param name="Detail">Why, or what is possible instead.</param>
public sealed record SchemaProblem(string Id, Place Place, string Subject, string Detail);

/// <summary>A place in a text file, counted from zero.</summary>
public sealed record Place(string Path, int Offset, int Length, int Line, int Column);
