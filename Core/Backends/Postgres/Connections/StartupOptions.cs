using System.Text;
using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// The <c>options</c> of a connection string: <c>-c statement_timeout=5s --work_mem=64MB</c>; after a backslash the
/// next character is literal (PostgreSQL manual, "libpq, Parameter Key Words").
/// </summary>
internal static class StartupOptions
{
    private const string Expected = "is not as PostgreSQL reads it: only '-c name=value' and '--name=value' are possible";

    /// <summary>The settings by lower-case name; the last one of a name counts. Left = the cause of the error, without any part of the text.</summary>
    public static Either<string, HashMap<string, SecretText>> Read(string text)
    {
        var settings = HashMap<string, SecretText>();
        var words = Words(text);
        for (var i = 0; i < words.Count; i++)
        {
            var setting = Setting(words, ref i);
            var equals = setting.IndexOf('=');
            if (equals < 1)
                return Routing(words[Math.Min(i, words.Count - 1)]).IfNone(Expected);
            var name = setting[..equals].Replace('-', '_').ToLowerInvariant();
            if (!IsParameterName(name))
                return Expected;
            if (Routing(setting).TrySome(out var routing))
                return routing;
            if (ServerParameters.Forbidden.Find(forbidden => forbidden.Name == name).TrySome(out var found))
                return $"sets {found.Name}, which is refused: {found.Why}";
            settings = settings.AddOrUpdate(name, new SecretText(setting[(equals + 1)..]));
        }

        return settings;
    }

    /// <summary>What hosting services read in <c>options</c>, and servers do not: <c>endpoint=x</c> (Neon), <c>--cluster=x</c> (Cockroach Labs).</summary>
    private static Option<string> Routing(string setting)
    {
        var name = setting.Split(['=', ':', '$'], 2)[0];
        return name is "endpoint" or "project" or "reference" or "cluster" ? OtherDrivers.Why(name).Map(why => $"holds {name}, which is refused: {why}") : None;
    }

    /// <summary>Empty = the word is not a setting.</summary>
    private static string Setting(List<string> words, ref int i) => words[i] switch
    {
        "-c" => ++i < words.Count ? words[i] : "",
        ['-', 'c', .. var rest] => rest,
        ['-', '-', .. var rest] => rest,
        _ => "",
    };

    private static bool IsParameterName(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.');

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var open = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                if (open)
                    words.Add(word.ToString());
                word.Clear();
                open = false;
                continue;
            }

            if (text[i] == '\\' && i + 1 < text.Length)
                i++;
            word.Append(text[i]);
            open = true;
        }

        if (open)
            words.Add(word.ToString());
        return words;
    }
}
