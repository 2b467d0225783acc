using System.Globalization;
using System.Security.Cryptography;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>A running server, given by an environment variable. Tests use it instead of starting one.</summary>
/// <param name="Variable">Name of the variable; unset or empty = tests start a server.</param>
/// <param name="Instead">Name of the server that tests start, for the reason of a skip.</param>
public sealed record GivenServer(string Variable, string Instead)
{
    // Several runs may share a server.
    private static readonly string Run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private static int names;

    public static GivenServer Postgres { get; } = new("KOLLECT_TEST_POSTGRES", "the private server");

    public static GivenServer MongoDb { get; } = new("KOLLECT_TEST_MONGODB", "the stand-in");

    public static GivenServer BigQuery { get; } = new("KOLLECT_TEST_BIGQUERY", "the stand-in");

    public static GivenServer Kubernetes { get; } = new("KOLLECT_TEST_KUBECONFIG", "the stand-in");

    /// <summary>Value of the variable; null = no server is given.</summary>
    public string? Value => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? value : null;

    /// <summary>A name for one database, dataset or namespace: <c>kollect_test_1f0c93ab_7</c>, at most 24 bytes.</summary>
    public static string UniqueName() => string.Create(CultureInfo.InvariantCulture, $"kollect_test_{Run}_{Interlocked.Increment(ref names)}");

    /// <summary>Skips the test where a server is given.</summary>
    /// <param name="what">The feature that only a started server has: "fault switches".</param>
    public void RequireNone(string what)
    {
        if (Value is not null)
            Assert.Skip(Reason(what));
    }

    /// <summary>Returns the started server; skips the test where a server is given.</summary>
    internal T Require<T>(T? started, string what)
        where T : class => started ?? throw Xunit.Sdk.SkipException.ForSkip(Reason(what));

    /// <summary>
    /// Runs the first use of the server; fails with the name of the variable where the server does not answer. A given server is never skipped.
    /// </summary>
    internal async Task<T> AnswerAsync<T>(Func<string, Task<T>> use)
    {
        try
        {
            return await use(Value!);
        }
        catch (Exception error) when (error is not (Xunit.Sdk.SkipException or Xunit.Sdk.FailException))
        {
            throw new InvalidOperationException($"{Variable} is set, and its server cannot be used: {error.Message}", error);
        }
    }

    private string Reason(string what) => $"needs {Instead}: {what}; {Variable} is set";
}
