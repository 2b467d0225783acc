using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kollect.Shell.Tests.Program;

/// <summary>
/// ConfigMaps that change without a pause, one after the other, and every state that they have had. A list and a watch show only such states, so that a
/// table with any other content is torn.
/// </summary>
internal sealed class ChurnedObjects(KubernetesServer server, int seed)
{
    private const int Names = 1_500;
    private const int LargestBatch = 200;

    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private readonly Dictionary<string, string> objects = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, int> states = new() { [0] = 0 };
    private UInt128 state;

    /// <summary>The number of changes so far.</summary>
    public int Changes { get; private set; }

    /// <summary>The value of each object by name, after the last change.</summary>
    public IReadOnlyDictionary<string, string> Objects
    {
        get
        {
            lock (gate)
                return new Dictionary<string, string>(objects, StringComparer.Ordinal);
        }
    }

    /// <summary>The number of changes that led to these objects; null = they never were the objects. The last one, if they were so more than once.</summary>
    public int? ChangesUntil(IEnumerable<(string Name, string Value)> found)
    {
        UInt128 wanted = 0;
        foreach (var (name, value) in found)
            wanted += Of(name, value);
        lock (gate)
            return states.TryGetValue(wanted, out var changes) ? changes : null;
    }

    /// <summary>Creates many objects.</summary>
    public Task FillAsync() => server.LoadAsync(Enumerable.Range(0, Names / 2).Select(Set).ToArray());

    /// <summary>Until cancelled: batches of changes, and of deletions.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var size = random.Next(4) == 0 ? random.Next(1, LargestBatch) : random.Next(1, 8);
            if (random.Next(4) > 0)
                await server.LoadAsync(Enumerable.Range(0, size).Select(_ => Set(random.Next(Names))).ToArray());
            else
                await server.RemoveAsync(Remove(size));
            await Task.Delay(random.Next(60), cancel).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    // Noted before the request: whoever sees the state finds it among those that were.
    private string Set(int index)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"it-{index}");
        lock (gate)
        {
            var value = string.Create(CultureInfo.InvariantCulture, $"{Changes + 1}");
            Change(name, value);
            return $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"default"},"data":{"value":"{{{value}}}"}}""";
        }
    }

    private string[] Remove(int size)
    {
        lock (gate)
        {
            var names = objects.Keys.Order(StringComparer.Ordinal).Skip(random.Next(objects.Count)).Take(size).ToArray();
            foreach (var name in names)
                Change(name, null);
            return [.. names.Select(name => $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"default"}}""")];
        }
    }

    private void Change(string name, string? value)
    {
        if (objects.Remove(name, out var before))
            state -= Of(name, before);
        if (value is not null)
            state += Of(name, objects[name] = value);
        states[state] = ++Changes;
    }

    private static UInt128 Of(string name, string value) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{name} {value}")));
}
