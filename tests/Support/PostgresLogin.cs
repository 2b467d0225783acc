using System.Globalization;
using Kollect.Host.Demo;
using Npgsql;

namespace Kollect.Tests.Support;

/// <summary>How the user who creates databases and roles reaches a server.</summary>
/// <param name="Password">Empty = none is sent.</param>
/// <param name="Database">The database to connect to before a test has one.</param>
/// <param name="SslMode">libpq's word, e.g. "require"; empty = each client's default.</param>
internal sealed record PostgresLogin(string Host, int Port, string User, string Password, string Database, string SslMode)
{
    public static PostgresLogin Of(PrivatePostgres server) => new("127.0.0.1", server.Port, server.Superuser, server.Password, "postgres", "");

    /// <summary>Reads <c>postgresql://user:password@host:port/database?sslmode=require</c>.</summary>
    /// <param name="url">Without a port: 5432; without a database: that of the user's name.</param>
    public static PostgresLogin Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("postgresql" or "postgres") || uri.Host.Length == 0 || uri.UserInfo.Length == 0)
            throw new FormatException("it is not of the form postgresql://user:password@host:port/database");
        var user = uri.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        var sslMode = "";
        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            sslMode = parameter.StartsWith("sslmode=", StringComparison.Ordinal)
                ? parameter["sslmode=".Length..]
                : throw new FormatException($"the only parameter that tests pass on is sslmode, not {parameter.Split('=')[0]}");
        var database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        return new(uri.IdnHost, uri.Port < 0 ? 5432 : uri.Port, user[0], user.ElementAtOrDefault(1) ?? "", database.Length == 0 ? user[0] : database, sslMode);
    }

    /// <summary>libpq's form.</summary>
    public string Url(string user, string password, string database, string parameters)
    {
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        var query = string.Join('&', new[] { SslMode.Length == 0 ? "" : $"sslmode={SslMode}", parameters }.Where(it => it.Length > 0));
        var userInfo = $"{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}";
        return string.Create(
            CultureInfo.InvariantCulture, $"postgresql://{userInfo}@{host}:{Port}/{Uri.EscapeDataString(database)}{(query.Length == 0 ? "" : "?")}{query}");
    }

    /// <summary>Npgsql's form of the same, without pooling: an idle connection would keep a database from being dropped.</summary>
    public string ConnectionString(string user, string password, string database)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = Host, Port = Port, Username = user, Database = database, Pooling = false };
        if (password.Length > 0)
            builder.Password = password;
        if (SslMode.Length > 0)
            builder.SslMode = Enum.Parse<SslMode>(SslMode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
        return builder.ConnectionString;
    }
}
