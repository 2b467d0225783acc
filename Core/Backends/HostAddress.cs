using System.Globalization;
using System.Net;
using System.Text;
using Kollect.Core.Secrets;

namespace Kollect.Core.Backends;

/// <summary>A host of a connection, with the port that stands behind its name.</summary>
/// <param name="Name">A name, an IPv4 address, an IPv6 address without brackets, or the folder of a unix socket.</param>
/// <param name="Port">1..65535; None = none is stated.</param>
internal sealed record HostAddress(string Name, Option<int> Port)
{
    /// <summary>RFC 1035, 2.3.4: a name has at most 253 characters, each label of it at most 63.</summary>
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    /// <summary>unix(7): the path of a socket has at most 107 bytes, of which <c>/.s.PGSQL.65535</c> takes 15.</summary>
    private const int MaxSocket = 92;

    /// <summary>Linux, IFNAMSIZ: the name of a network interface has at most 15 characters.</summary>
    private const int MaxZone = 15;

    private const string OnlyName = "; only a name or an address is possible, and a port behind a colon";

    /// <summary>The folder of a unix socket, or a name in Linux's abstract namespace (<c>@name</c>).</summary>
    public static bool IsSocket(string host) => host.StartsWith('/') || host.StartsWith('@');

    /// <summary><c>name</c>, <c>name:port</c>, <c>[::1]:port</c>, <c>::1</c>, <c>/folder</c>. Left = the problem, without any part of the text.</summary>
    public static Either<string, HostAddress> Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "is empty";
        if (Wrapping.OfValue(text).TrySome(out var wrapped))
            return wrapped;
        if (text.Contains("://", StringComparison.Ordinal))
            return "is a URL; only the name of the host is possible here";
        if (IsSocket(text))
            return text.Length < 2 ? "is no folder of a unix socket"
                : Encoding.UTF8.GetByteCount(text) > MaxSocket ? $"is the folder of a unix socket with more than {MaxSocket} bytes, which no socket can have"
                : new HostAddress(text, None);
        if (text.StartsWith('['))
            return Bracketed(text);
        var colon = text.IndexOf(':');
        if (colon < 0)
            return Named(text, None);
        if (colon != text.LastIndexOf(':'))
            return IsIPv6(text) ? new HostAddress(text, None) : Left("has several colons and is no IPv6 address" + OnlyName);
        return colon == 0 ? "has a colon and no name before it" : WithPort(text[(colon + 1)..], port => Named(text[..colon], port));
    }

    /// <summary>A port as libpq reads it: white space around it and a sign are possible. None = it is none, or not in 1..65535.</summary>
    public static Option<int> PortOf(string text) =>
        int.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out var number) && number is >= 1 and <= 65535
            ? number
            : None;

    /// <summary><c>db</c>, <c>db:27017</c>, <c>[::1]:27017</c></summary>
    public string ToText() =>
        (Name.Contains(':') ? $"[{Name}]" : Name) + Port.Match(port => ":" + port.ToString(CultureInfo.InvariantCulture), () => "");

    private static Either<string, HostAddress> Bracketed(string text)
    {
        var close = text.IndexOf(']');
        if (close < 0 || !IsIPv6(text[1..close]))
            return "begins with '[' and is no IPv6 address in brackets";
        return close + 1 == text.Length ? new HostAddress(text[1..close], None)
            : text[close + 1] != ':' ? Left("has something else behind ']' than ':' and a port")
            : WithPort(text[(close + 2)..], port => new HostAddress(text[1..close], port));
    }

    private static Either<string, HostAddress> WithPort(string port, Func<int, Either<string, HostAddress>> then) =>
        port.Length == 0
            ? "has a colon and no port behind it; remove the colon, or write the port behind it"
            : PortOf(port).ToEither("has no port behind the colon: it must be a whole number, 1..65535").Bind(then);

    private static Either<string, HostAddress> Named(string name, Option<int> port)
    {
        if (Wrapping.Unfilled(name).TrySome(out var unfilled))
            return unfilled;
        if (name.Contains('@'))
            return "contains an '@'; user and password have a place of their own";
        if (name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || @"/\?#%=;,&<>[]{}()|^""'`".Contains(c)))
            return "contains a character that no name of a host has" + OnlyName;
        return name.Length > MaxName || name.TrimEnd('.').Split('.').Any(label => label.Length is 0 or > MaxLabel)
            ? $"is no name of a host: at most {MaxName} characters, {MaxLabel} between two dots, and no two dots side by side"
            : new HostAddress(name, port);
    }

    /// <summary>A zone behind '%' names a network interface of this machine.</summary>
    private static bool IsIPv6(string text) =>
        text.Contains(':') && text.Split('%', 2) is var parts && IPAddress.TryParse(parts[0], out _)
        && (parts.Length == 1 || (parts[1].Length <= MaxZone && parts[1].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')));
}
