using System.Globalization;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends;

/// <summary>Who reads the messages of a destination.</summary>
internal enum Audience
{
    /// <summary>All who may read the sink; they may not read its Secrets.</summary>
    Cluster,

    /// <summary>The owner of the Secrets: the user of the command line.</summary>
    Owner,
}

/// <summary>What a message may call a connection.</summary>
/// <param name="Hosts">Each with its port, as the sink's owner wrote it: never what a name resolves to.</param>
/// <param name="Login">Database and user, for the owner; empty = none.</param>
/// <param name="Passwords">Nobody may see them, nor a host of which they are a part, or that is a part of them.</param>
/// <param name="IsOfOwnNamespace">False = the hosts stand in a Secret of another namespace, whose content the sink's readers do not know.</param>
internal sealed record ConnectionNames(Seq<string> Hosts, string Login, Seq<SecretText> Passwords, bool IsOfOwnNamespace)
{
    private const int MostHosts = 3;

    /// <summary>A shorter name or port stands in many a password by chance, and tells nothing of it.</summary>
    private const int LongEnough = 4;

    /// <summary>True = the hosts may stand in messages.</summary>
    internal bool ShowsHosts(Audience audience) => !Hosts.IsEmpty && (IsOfOwnNamespace || audience == Audience.Owner);

    /// <summary>True = the name of a host, or its port, stands in a password.</summary>
    internal bool StandInPassword => Hosts.Bind(NameAndPort).Filter(part => part.Length >= LongEnough)
        .Exists(part => Passwords.Exists(password => password.Reveal().Contains(part, StringComparison.OrdinalIgnoreCase)));

    /// <summary><c>db-0:5432, db-1:5432</c>, for the owner <c>db-0:5432, database inv, user app</c>; the first three hosts.</summary>
    internal string Of(Audience audience)
    {
        var hosts = string.Join(", ", Hosts.Take(MostHosts))
            + (Hosts.Count > MostHosts ? string.Create(CultureInfo.InvariantCulture, $" and {Hosts.Count - MostHosts} more") : "");
        return audience == Audience.Owner && Login.Length > 0 ? $"{hosts}, {Login}" : hosts;
    }

    // db-0:5432, [::1]:5432, /run/postgresql:5432, cluster0.example.net (mongodb+srv)
    private static Seq<string> NameAndPort(string host)
    {
        var text = host.Split(' ')[0];
        var colon = text.LastIndexOf(':');
        return colon > text.LastIndexOf(']') ? Seq(text[..colon], text[(colon + 1)..]) : Seq1(text);
    }

    /// <summary>Whether a Secret lies beside the sink that names it.</summary>
    internal static bool IsOwn(SinkSettings settings, SecretRef secret) => string.Equals(settings.Namespace, secret.Namespace, StringComparison.Ordinal);
}
