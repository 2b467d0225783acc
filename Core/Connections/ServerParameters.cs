namespace Kollect.Core.Connections;

/// <summary>A PostgreSQL server parameter that neither <c>spec.options</c> nor a connection string may set.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Why">What it would break, and the remedy.</param>
public sealed record ForbiddenParameter(string Name, string Why);

/// <summary>What is known of PostgreSQL's server parameters without asking a server.</summary>
public static class ServerParameters
{
    /// <summary>They would change who writes, where, or under which rules.</summary>
    public static Seq<ForbiddenParameter> Forbidden { get; } = Seq(
        new ForbiddenParameter("role", "rows would be written as somebody else; put that user into the Secret"),
        new ForbiddenParameter("session_authorization", "rows would be written as somebody else; put that user into the Secret"),
        new ForbiddenParameter("search_path", "it would move the table; name the schema in spec.postgres.schema"),
        new ForbiddenParameter("row_security", "hidden rows would be taken for missing ones; give the role a policy that shows all its rows"),
        new ForbiddenParameter("session_replication_role", "it switches off triggers and foreign keys of the database"));
}
