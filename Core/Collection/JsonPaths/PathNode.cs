using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>A value and its location in the document. Two nodes of one document are equal if their locations are.</summary>
/// <param name="parent">Null = the value is the document itself.</param>
/// <param name="name">The field of the parent if that is an object, its index in digits if that is a list.</param>
internal sealed class PathNode(JsonElement value, PathNode? parent, string name) : IEquatable<PathNode>
{
    private readonly int hash = HashCode.Combine(parent?.hash ?? 0, name);

    public JsonElement Value { get; } = value;

    /// <summary>The field of the parent, or its index in digits.</summary>
    public string Name { get; } = name;

    /// <summary>The values one level below, in document order.</summary>
    public IEnumerable<PathNode> Children() => Value.ValueKind switch
    {
        JsonValueKind.Object => Value.EnumerateObject().Select(field => new PathNode(field.Value, this, field.Name)),
        JsonValueKind.Array => Value.EnumerateArray().Select((item, index) => Item(item, index)),
        _ => [],
    };

    /// <summary>None = the value is not an object, or has no such field. Of a field that occurs twice the last one counts.</summary>
    public Option<PathNode> Field(string field) =>
        Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(field, out var found) ? new PathNode(found, this, field) : None;

    /// <summary>None = the value is not an array, or has no such index. A negative index counts from the end.</summary>
    public Option<PathNode> Item(int index)
    {
        if (Value.ValueKind != JsonValueKind.Array)
            return None;
        var length = Value.GetArrayLength();
        var position = index < 0 ? index + length : index;
        return position >= 0 && position < length ? Item(Value[position], position) : None;
    }

    /// <inheritdoc/>
    public bool Equals(PathNode? other)
    {
        var (one, another) = (this, other);
        while (one is not null && another is not null && one.Name == another.Name && one.hash == another.hash)
            (one, another) = (one.Parent, another.Parent);
        return one is null && another is null;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PathNode);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    private PathNode? Parent { get; } = parent;

    private PathNode Item(JsonElement item, int index) => new(item, this, index.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
