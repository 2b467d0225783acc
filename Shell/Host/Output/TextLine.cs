namespace Kollect.Host.Output;

/// <summary>A line for people with one word that has a colour on a terminal.</summary>
/// <param name="Colour">Null = that of the terminal.</param>
internal readonly record struct TextLine(string Before, string Word, ConsoleColor? Colour, string After)
{
    /// <summary>A line without colours.</summary>
    public static implicit operator TextLine(string text) => new(text, "", null, "");

    /// <summary>
    /// .NET writes colours to a terminal only, and none where NO_COLOR is set (https://no-color.org). They do not pass through <see cref="PlainWriter"/>,
    /// which would escape them.
    /// </summary>
    public void Write()
    {
        Console.Write(Before);
        if (Colour is { } colour)
            Console.ForegroundColor = colour;
        Console.Write(Word);
        if (Colour is not null)
            Console.ResetColor();
        Console.WriteLine(After);
    }
}
