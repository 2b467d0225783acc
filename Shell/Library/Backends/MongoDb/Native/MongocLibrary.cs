using System.Reflection;
using System.Runtime.InteropServices;

namespace Kollect.Shell.Backends.MongoDb.Native;

/// <summary>Finds MongoDB's C driver on this machine, under the names that systems give it, and starts it once.</summary>
internal static class MongocLibrary
{
    public const string Driver = "mongoc-1.0";
    public const string Bson = "bson-1.0";

    private static readonly Lazy<bool> Started = new(Start);

    /// <summary>False = the library is not installed.</summary>
    public static bool IsThere => Started.Value;

    private static bool Start()
    {
        NativeLibrary.SetDllImportResolver(typeof(MongocLibrary).Assembly, (name, assembly, _) => Load(name, assembly));
        if (Load(Bson, typeof(MongocLibrary).Assembly) == 0 || Load(Driver, typeof(MongocLibrary).Assembly) == 0)
            return false;

        // Without a handler of its own the driver writes to stdout, into the output of the program.
        Mongoc.SetLogHandler(0, 0);
        Mongoc.Init();
        return true;
    }

    private static nint Load(string name, Assembly assembly)
    {
        string[] files = [$"lib{name}.so.0", $"lib{name}.0.dylib", $"{name}.dll"];
        foreach (var file in name is Driver or Bson ? files : [])
            if (NativeLibrary.TryLoad(file, assembly, null, out var library))
                return library;
        return 0; // not ours: the usual search goes on
    }
}
