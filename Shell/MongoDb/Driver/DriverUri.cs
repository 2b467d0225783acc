using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Failures;
using MongoDB.Driver;
using MongoDB.Driver.Core.Configuration;
using MongoDB.Driver.Core.Servers;

namespace Kollect.MongoDb.Driver;

/// <summary>A connection string as the driver has read it.</summary>
internal sealed class DriverUri
{
    private readonly MongoUrl url;
    private readonly ConnectionString given;

    private DriverUri(MongoUrl url, ConnectionString given, bool tlsWanted)
    {
        (this.url, this.given) = (url, given);
        UsesTls = url.UseTls || tlsWanted;
    }

    /// <summary>The connection string or <c>spec.tls</c> wants it.</summary>
    public bool UsesTls { get; }

    /// <summary>Whoever is on the way can read the password.</summary>
    public bool SendsPasswordInClearText => !UsesTls && string.Equals(given.AuthMechanism, "PLAIN", StringComparison.OrdinalIgnoreCase);

    /// <summary>Left = the driver does not take it, or Core objects to what the driver made of it.</summary>
    public static Either<Failure, DriverUri> Read(MongoDbConnection connection)
    {
        try
        {
            var (url, given) = (new MongoUrl(connection.Uri.Reveal()), new ConnectionString(connection.Uri.Reveal()));
            return connection.Judge(Options(url, given)).Match(
                problem => Left<Failure, DriverUri>(problem),
                () => new DriverUri(url, given, connection.WantsTls));
        }
        catch (Exception refused) when (IsOfDriver(refused))
        {
            // The driver's own words repeat the value, or the whole connection string.
            return connection.Refused(connection.EachOption.Find(option => !Takes(option.Uri)).Map(option => option.Name));
        }
    }

    /// <summary>Looks <c>mongodb+srv</c> up, once: a client lives for one operation, so nothing watches for other servers.</summary>
    /// <exception cref="MongoDbException">There is no such name.</exception>
    public async Task<MongoClientSettings> SettingsAsync(CancellationToken cancel)
    {
        var settings = Within(await ResolveAsync(cancel));
        settings.ReadPreference = ReadPreference.Primary;
        settings.DirectConnection |= IsDirect;
        if (settings.SocketTimeout == TimeSpan.Zero)
            settings.SocketTimeout = Timeout.InfiniteTimeSpan; // as the option means it; the driver would wait for nothing at all
        settings.UseTls = false; // GuardedStreams does it
        settings.SslSettings = null;
        settings.ServerMonitoringMode = ServerMonitoringMode.Poll; // one thread for each server instead of two
        settings.TracingOptions = new TracingOptions { Disabled = true }; // its spans name database and collection
        return settings;
    }

    /// <summary>
    /// The ranges have been checked. Here they hold whatever the driver makes of the options: a time beyond them would end a timer, or a thread of the
    /// driver with the process.
    /// </summary>
    private static MongoClientSettings Within(MongoUrl url)
    {
        if (url.Servers.Count() > ConnectionOptions.MostHosts)
            throw new MongoDbException(
                Errors.OfDriver(FormattableString.Invariant(
                    $"the service record names {url.Servers.Count():N0} hosts; at most {ConnectionOptions.MostHosts} are possible, or write srvMaxHosts")),
                "too many hosts",
                new ArgumentException("too many hosts"));
        var settings = MongoClientSettings.FromUrl(url);
        settings.ConnectTimeout = Least(settings.ConnectTimeout, ConnectionOptions.LongestConnect);
        settings.ServerSelectionTimeout = Least(settings.ServerSelectionTimeout, ConnectionOptions.LongestConnect);
        settings.WaitQueueTimeout = Least(settings.WaitQueueTimeout, ConnectionOptions.LongestConnect);
        settings.HeartbeatInterval = Least(settings.HeartbeatInterval, ConnectionOptions.LongestConnect);
        settings.LocalThreshold = Least(settings.LocalThreshold, ConnectionOptions.LongestConnect);
        settings.SocketTimeout = Least(settings.SocketTimeout, ConnectionOptions.Longest);
        settings.MaxConnectionIdleTime = Least(settings.MaxConnectionIdleTime, ConnectionOptions.Longest);
        return settings;
    }

    private static TimeSpan Least(TimeSpan given, TimeSpan longest) => given < longest ? given : longest;

    // One host is used as it is, and not asked for the members of its replica set, unless the connection string says so.
    private bool IsDirect => url is { Scheme: ConnectionStringScheme.MongoDB, ReplicaSetName: null, LoadBalanced: false }
        && given.Hosts.Count == 1 && given.GetOption("directConnection") is null;

    private async Task<MongoUrl> ResolveAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(url.ServerSelectionTimeout);
        try
        {
            return await url.ResolveAsync(resolveHosts: true, limit.Token);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new MongoDbException(new Fault.Network(NetworkFault.TimedOut), "the name was not resolved in time", late);
        }
        catch (Exception unknown) when (IsOfDriver(unknown) || unknown is DnsClient.DnsResponseException)
        {
            throw new MongoDbException(new Fault.Network(NetworkFault.UnknownHost), "there is no such name", unknown);
        }
    }

    private static ConnectionOptions Options(MongoUrl url, ConnectionString given) => new()
    {
        IsAcknowledged = new WriteConcern(w: given.W, fsync: given.FSync, journal: given.Journal).IsAcknowledged,
        WriteMembers = given.W is WriteConcern.WCount count ? Some(count.Value) : None,
        SrvMaxHosts = Optional(given.SrvMaxHosts),
        WriteTag = given.W is WriteConcern.WMode { Value: not "majority" } tag ? Some(tag.Value) : None,
        Tls = Optional(given.Tls),
        SkipsVerification = url.AllowInsecureTls,
        HasProxy = !string.IsNullOrEmpty(url.ProxyHost),
        ConnectTimeout = Optional(given.ConnectTimeout),
        ServerSelectionTimeout = Optional(given.ServerSelectionTimeout),
        SocketTimeout = Optional(given.SocketTimeout),
        WriteConcernTimeout = Optional(given.WTimeout),
        WaitQueueTimeout = Optional(given.WaitQueueTimeout),
        HeartbeatFrequency = Optional(given.HeartbeatInterval),
        LocalThreshold = Optional(given.LocalThreshold),
        MaxIdleTime = Optional(given.MaxIdleTime),
        MaxPoolSize = Optional(given.MaxPoolSize),
        MinPoolSize = Optional(given.MinPoolSize),
        ZlibLevel = url.Compressors.Where(it => it.Properties.ContainsKey("Level")).Select(it => it.Properties["Level"]).OfType<int>().ToSeq().HeadOrNone(),
    };

    private static bool Takes(Core.Secrets.SecretText uri)
    {
        try
        {
            _ = new ConnectionString(uri.Reveal());
            return true;
        }
        catch (Exception refused) when (IsOfDriver(refused))
        {
            return false;
        }
    }

    /// <summary>What the driver's parser and its setters throw for a text or a value that they do not take.</summary>
    public static bool IsOfDriver(Exception exception) =>
        exception is MongoConfigurationException or ArgumentException or FormatException or OverflowException or InvalidOperationException
            or NotSupportedException or IndexOutOfRangeException or KeyNotFoundException or NullReferenceException;
}
