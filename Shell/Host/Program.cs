using Kollect.Host.Commands;

// PG* variables in the environment must not decide where a sink connects to.
foreach (string name in Environment.GetEnvironmentVariables().Keys)
    if (name.StartsWith("PG", StringComparison.Ordinal))
        Environment.SetEnvironmentVariable(name, null);

return await CommandLine.RunAsync(args);
