using System.Runtime.CompilerServices;
using LanguageExt.ClassInstances;

namespace Kollect.Host;

/// <summary>
/// LanguageExt 4.4.9 searches all types of a process for instances of its type classes as soon as two of its values are compared, which costs
/// 0.3 s of processor time and 40 MiB. Where it knows no instance it calls the elements' own <c>Equals</c>; arrays have none that compares
/// content, so theirs are named here. The tests run with the same instances.
/// </summary>
internal static class TypeClasses
{
    [ModuleInitializer]
    internal static void Register()
    {
        // The search is the constructor's.
        var known = (ClassInstancesAssembly)RuntimeHelpers.GetUninitializedObject(typeof(ClassInstancesAssembly));
        known.Types = [];
        known.Structs = [];
        known.AllClassInstances = [typeof(EqArray<>)];
        known.ClassInstances = [];
        ClassInstancesAssembly.singleton = known;
    }
}
