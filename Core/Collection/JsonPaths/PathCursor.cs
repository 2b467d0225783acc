namespace Kollect.Core.Collection.JsonPaths;

/// <summary>Where the parser of one path stands, and the first thing that it objected to.</summary>
internal sealed class PathCursor(string text)
{
    /// <summary>Filters within the paths of filters.</summary>
    public const int MaxFilterDepth = 8;

    private int end = text.Length;
    private int filterDepth;

    /// <summary>Index of the character to read next.</summary>
    public int At { get; private set; }

    /// <summary>Null = none so far. After one the parser leaves, whatever it returns.</summary>
    public JsonPathError? Error { get; private set; }

    public bool IsAtEnd => At >= end;

    /// <summary>NUL at the end, and where the text has one, which no path can hold.</summary>
    public char Next => IsAtEnd ? '\0' : text[At];

    /// <summary>Without spaces around it, and without the braces of a template.</summary>
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

    /// <summary>False = too many stand in each other.</summary>
    public bool EnterFilter() => ++filterDepth <= MaxFilterDepth;

    public void LeaveFilter() => filterDepth--;

    /// <summary>What is left of the path.</summary>
    public string Rest() => text[At..end];

    /// <summary>Only the first one counts.</summary>
    public void Fail(int at, string why) => Error ??= new JsonPathError(text, Math.Min(at, text.Length), why);

    public void Fail(string why) => Fail(At, why);
}
