using System.Globalization;
using System.Text.RegularExpressions;

namespace Kollect.Tests.Support;

/// <summary>The parts of a MongoDB connection string, so that tests can log in as another user.</summary>
/// <param name="Scheme">mongodb or mongodb+srv.</param>
/// <param name="Hosts">One or more hosts with ports, as in the string.</param>
/// <param name="User">Null = the string names none.</param>
/// <param name="Database">The database of the user; empty = "admin".</param>
/// <param name="Parameters">The text after the question mark.</param>
internal sealed partial record MongoDbUri(string Scheme, string Hosts, MongoDbUser? User, string Database, string Parameters)
{
    public static MongoDbUri OfPort(int port) => new("mongodb", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), null, "", "");

    /// <summary>Reads <c>mongodb://user:password@host:port/?parameters</c>.</summary>
    public static MongoDbUri Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            throw new FormatException("it is not of the form mongodb://user:password@host:port/");
        var user = match.Groups["user"].Value.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        return new(
            match.Groups["scheme"].Value,
            match.Groups["hosts"].Value,
            user[0].Length == 0 ? null : new MongoDbUser(user[0], user.ElementAtOrDefault(1) ?? ""),
            match.Groups["database"].Value,
            match.Groups["parameters"].Value);
    }

    /// <param name="user">Null = without a user.</param>
    /// <param name="authenticatedBy">The database of the user; null = as in the string.</param>
    public string Of(MongoDbUser? user, string parameters = "", string? authenticatedBy = null)
    {
        var userInfo = user is null ? "" : $"{Uri.EscapeDataString(user.Name)}:{Uri.EscapeDataString(user.Password)}@";
        var own = authenticatedBy is null ? Parameters : AuthSource().Replace(Parameters, "").Trim('&');
        var query = string.Join('&', new[] { own, authenticatedBy is null ? "" : $"authSource={authenticatedBy}", parameters }.Where(it => it.Length > 0));
        return $"{Scheme}://{userInfo}{Hosts}/{Database}{(query.Length == 0 ? "" : "?")}{query}";
    }

    [GeneratedRegex(
        @"^(?<scheme>mongodb(\+srv)?)://((?<user>[^@/]*)@)?(?<hosts>[^@/?]+)(/(?<database>[^?]*))?(\?(?<parameters>.*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex("(^|&)authSource=[^&]*", RegexOptions.IgnoreCase)]
    private static partial Regex AuthSource();
}
