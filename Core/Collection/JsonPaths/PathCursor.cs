namespace Kollect.Core.Collection.JsonPaths;

/// <summary>The position of the parser in one path, and the first error that it found.</summary>
internal sealed class PathCursor(string text)
{
    /// <summary>The maximum nesting of filters within the paths of filters.</summary>
    public const int MaxFilterDepth = 8;

    private int end = text.Length;
    private int filterDepth;
    private int descents;

    /// <summary>The index of the next character.</summary>
    public int At { get; private set; }

    /// <summary>Null = no error so far. After an error the results of the parser are meaningless.</summary>
    public JsonPathError? Error { get; private set; }

    public bool IsAtEnd => At >= end;

    /// <summary>The next character; NUL at the end. A NUL in the text itself is an error in every path.</summary>
    public char Next => IsAtEnd ? '\0' : text[At];

    /// <summary>Skips surrounding spaces and the braces of a template.</summary>
    public void EnterDocument()
    {
        end = text.AsSpan().TrimEnd().Length;
        SkipSpace();
        if (Next != '{')
            return;
        var open = At++;
        if (text[end - 1] != '}')
            Fail(open, "this brace is never closed; end the path with }");
        else
            end--;
    }

    public bool Take(string wanted)
    {
        if (string.CompareOrdinal(text, At, wanted, 0, wanted.Length) != 0 || At + wanted.Length > end)
            return false;
        At += wanted.Length;
        return true;
    }

    public char TakeAny() => text[At++];

    public void SkipSpace()
    {
        while (!IsAtEnd && char.IsWhiteSpace(text[At]))
            At++;
    }

    public string TakeWhile(Func<char, bool> wanted)
    {
        var start = At;
        while (!IsAtEnd && wanted(text[At]))
            At++;
        return text[start..At];
    }

    /// <summary>False = the filters are nested too deeply.</summary>
    public bool EnterFilter() => ++filterDepth <= MaxFilterDepth;

    public void LeaveFilter() => filterDepth--;

    /// <summary>False = the path has too many <c>..</c>, those of its filters included.</summary>
    public bool Descend() => ++descents <= JsonPath.MaxDescents;

    /// <summary>The rest of the path.</summary>
    public string Rest() => text[At..end];

    /// <summary>Records an error; only the first one is kept.</summary>
    public void Fail(int at, string why) => Error ??= new JsonPathError(text, Math.Min(at, text.Length), why);

    public void Fail(string why) => Fail(At, why);
}
