namespace Kollect.Models;

using global::System.Collections.Generic;
using global::System.Globalization;
using global::System.Linq;
using global::System.Text;

/// <summary>The path of the value that is being read, as Kubernetes writes it: <c>spec.options[work_mem]</c>.</summary>
internal sealed class DocumentPath
{
    private readonly List<string> segments = [];

    public int Depth => segments.Count;

    public void EnterField(string name) => segments.Add(segments.Count == 0 ? name : "." + name);

    public void EnterKey(string key) => segments.Add($"[{key}]");

    public void EnterItem(int index) => segments.Add($"[{index.ToString(CultureInfo.InvariantCulture)}]");

    public void Leave() => segments.RemoveAt(segments.Count - 1);

    /// <summary>The path of a field of the current object.</summary>
    public string Of(string field) => segments.Count == 0 ? field : $"{this}.{field}";

    public override string ToString() => segments.Aggregate(new StringBuilder(), (text, segment) => text.Append(segment)).ToString();
}
