using System.Globalization;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends;

/// <summary>Who reads the messages of a destination.</summary>
public enum Audience
{
    /// <summary>All who may read the sink; they may not read its Secrets.</summary>
    Cluster,

    /// <summary>The owner of the Secrets: the user of the command line.</summary>
    Owner,
}

/// <summary>What a message may call a connection.</summary>
/// <param name="Hosts">Each with its port, as the sink's owner wrote it: never what a name resolves to.</param>
/// <param name="Login">Database and user, for the owner; empty = none.</param>
/// <param name="Passwords">Nobody may see them, nor a host of which they are a part.</param>
/// <param name="IsOfOwnNamespace">False = the hosts stand in a Secret of another namespace, whose content the sink's readers do not know.</param>
public sealed record ConnectionNames(Seq<string> Hosts, string Login, Seq<SecretText> Passwords, bool IsOfOwnNamespace)
{
    private const int MostHosts = 3;

    /// <summary>True = the hosts may stand in messages.</summary>
    internal bool ShowsHosts(Audience audience) => !Hosts.IsEmpty && (IsOfOwnNamespace || audience == Audience.Owner);

    /// <summary><c>db-0:5432, db-1:5432</c>, for the owner <c>db-0:5432, database inv, user app</c>; the first three hosts.</summary>
    internal string Of(Audience audience)
    {
        var hosts = string.Join(", ", Hosts.Take(MostHosts))
            + (Hosts.Count > MostHosts ? string.Create(CultureInfo.InvariantCulture, $" and {Hosts.Count - MostHosts} more") : "");
        return audience == Audience.Owner && Login.Length > 0 ? $"{hosts}, {Login}" : hosts;
    }

    /// <summary>Whether a Secret lies beside the sink that names it.</summary>
    internal static bool IsOwn(SinkSettings settings, SecretRef secret) => string.Equals(settings.Namespace, secret.Namespace, StringComparison.Ordinal);
}
