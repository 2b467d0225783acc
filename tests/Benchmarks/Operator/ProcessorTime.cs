using System.Globalization;

namespace Kollect.Benchmarks.Operator;

/// <summary>Processor time and memory of processes, from <c>/proc</c> (proc(5)).</summary>
internal static class ProcessorTime
{
    /// <summary>A tick of <c>/proc/PID/stat</c>: USER_HZ is 100 on every architecture that .NET runs on.</summary>
    private const double TickSeconds = 0.01;

    /// <summary>Of one process with all its threads, in seconds; in steps of 10 ms.</summary>
    public static double Of(int pid) => Ticks(pid, 11) + Ticks(pid, 12);

    /// <summary>
    /// Of a server and its children, in seconds: what runs now to the nanosecond (<c>schedstat</c> of a process with one thread), and in steps
    /// of 10 ms what has ended.
    /// </summary>
    /// <param name="postmaster">Process id of the server.</param>
    /// <param name="without">Children that do not count: the benchmark's own connections.</param>
    public static double OfPostgres(int postmaster, IReadOnlyCollection<int> without) =>
        Running(postmaster) + Ticks(postmaster, 13) + Ticks(postmaster, 14)
        + Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && !without.Contains(pid) && Parent(pid) == postmaster)
            .Sum(Running);

    /// <summary>A line of <c>/proc/PID/status</c> such as <c>VmRSS</c> or <c>VmHWM</c>, in MiB.</summary>
    public static double MiB(int pid, string field)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(it => it.StartsWith(field + ":", StringComparison.Ordinal));
        return double.Parse(line[(field.Length + 1)..^"kB".Length], CultureInfo.InvariantCulture) / 1024;
    }

    private static double Ticks(int pid, int field) => double.Parse(Stat(pid)[field], CultureInfo.InvariantCulture) * TickSeconds;

    private static double Running(int pid)
    {
        try
        {
            return double.Parse(File.ReadAllText($"/proc/{pid}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e9;
        }
        catch (IOException)
        {
            return 0; // It has ended meanwhile.
        }
    }

    private static int Parent(int pid)
    {
        try
        {
            return int.Parse(Stat(pid)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The fields from the third on: the second one is the name, in parentheses, and may hold anything.</summary>
    private static string[] Stat(int pid)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }
}
