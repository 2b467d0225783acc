using Kollect.Host.Commands;
using Kollect.Host.Output;

// PG* variables in the environment must not decide where a sink connects to.
foreach (string name in Environment.GetEnvironmentVariables().Keys)
    if (name.StartsWith("PG", StringComparison.Ordinal))
        Environment.SetEnvironmentVariable(name, null);

Terminal.Guard();
return await CommandLine.RunAsync(args);
