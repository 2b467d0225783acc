using System.Globalization;
using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>A value and its location in the document. Two nodes of one document are equal if their locations are.</summary>
/// <param name="parent">Null = the value is the document itself.</param>
internal sealed class PathNode(JsonElement value, PathNode? parent) : IEquatable<PathNode>
{
    /// <summary>The index of a value that is a field of an object.</summary>
    private const int IsField = -1;

    private readonly JsonProperty property;
    private readonly int index = IsField;
    private string? name;
    private int? hash;

    private PathNode(JsonElement value, PathNode parent, string name)
        : this(value, parent) => this.name = name;

    private PathNode(JsonProperty property, PathNode parent)
        : this(property.Value, parent) => this.property = property;

    private PathNode(JsonElement item, PathNode parent, int index)
        : this(item, parent) => this.index = index;

    public JsonElement Value { get; } = value;

    /// <summary>The field of the parent, or its index in digits; empty for the document itself.</summary>
    public string Name => name ??= Parent is null ? "" : index == IsField ? property.Name : index.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of objects and lists that contain the value.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>The number of values one level below.</summary>
    public int Count => Value.ValueKind switch
    {
        JsonValueKind.Object => Value.GetPropertyCount(),
        JsonValueKind.Array => Value.GetArrayLength(),
        _ => 0,
    };

    /// <summary>The values one level below, in document order.</summary>
    public List<PathNode> Children()
    {
        var children = new List<PathNode>(Count);
        AddChildrenTo(children);
        return children;
    }

    /// <summary>Appends the values one level below, in document order.</summary>
    public void AddChildrenTo(List<PathNode> nodes)
    {
        var at = 0;
        if (Value.ValueKind == JsonValueKind.Object)
            foreach (var field in Value.EnumerateObject())
                nodes.Add(new PathNode(field, this));
        else if (Value.ValueKind == JsonValueKind.Array)
            foreach (var item in Value.EnumerateArray())
                nodes.Add(new PathNode(item, this, at++));
    }

    /// <summary>None = the value is not an object, or has no such field. Of a field that occurs twice the last one counts.</summary>
    public Option<PathNode> Field(string field) =>
        Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(field, out var found) ? new PathNode(found, this, field) : None;

    /// <summary>None = the value is not an array, or has no such index. A negative index counts from the end.</summary>
    public Option<PathNode> Item(int at)
    {
        if (Value.ValueKind != JsonValueKind.Array)
            return None;
        var length = Value.GetArrayLength();
        var position = at < 0 ? at + length : at;
        return position >= 0 && position < length ? new PathNode(Value[position], this, position) : None;
    }

    /// <inheritdoc/>
    public bool Equals(PathNode? other)
    {
        var (one, another) = (this, other);
        while (one is not null && another is not null && !ReferenceEquals(one, another) && one.GetHashCode() == another.GetHashCode()
            && one.Name == another.Name)
            (one, another) = (one.Parent, another.Parent);
        return ReferenceEquals(one, another);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PathNode);

    /// <inheritdoc/>
    public override int GetHashCode() => hash ??= HashCode.Combine(Parent?.GetHashCode() ?? 0, Name);

    private PathNode? Parent { get; } = parent;
}
