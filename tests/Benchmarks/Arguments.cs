using Kollect.Benchmarks.Operator;

namespace Kollect.Benchmarks;

/// <summary>The command line of the benchmarks.</summary>
internal static class Arguments
{
    public static readonly IReadOnlyList<string> Backends = ["postgres", "mongodb", "bigquery", "operator"];

    public const string Usage =
        """
        Usage: make bench [BENCH="OPTIONS"]
               dotnet run --project tests/Benchmarks --configuration Release -- [OPTIONS]

        Measures exports against the yardsticks, and the operator against the previous commit, into bench.json. It takes more than an hour; it needs what
        scripts/install-prerequisites installs, and a published program (make build).

          --quick                  a tenth of the sizes, to test the benchmark itself
          --only NAME …            one or several of postgres, mongodb, bigquery, operator
          --memory                 measure only memory
          --help                   print this

        Of the operator:
          --objects N,…            sizes of the inventory [1000,10000,100000; quick: 1000]
          --changes N              changes of one object at rest, over all rounds [200; quick: 20]
          --rounds N               each starts with another contestant [2; quick: 1]
          --parts A,…              change, bulk, churn, rest, restart [all; below 10,000 objects only change]
          --contestants A,…        ours, before, floor [all]
          --against FILE|DIR       a published kollect to compare with, instead of a commit
          --against-commit COMMIT  builds that commit in a worktree, once [HEAD~1; quick: none]

        """;

    private static readonly IReadOnlyList<string> Flags = ["--quick", "--only", "--memory"];

    /// <summary>The first argument that is no option, value of an option or backend of <c>--only</c>; null = there is none.</summary>
    public static string? Unknown(IReadOnlyList<string> arguments)
    {
        for (var index = 0; index < arguments.Count; index++)
        {
            if (OperatorOptions.Names.Contains(arguments[index]))
                index++;
            else if (!Flags.Contains(arguments[index]) && !(Backends.Contains(arguments[index]) && arguments.Contains("--only")))
                return arguments[index];
        }

        return null;
    }
}
