using System.Reflection;

namespace Kollect.Core.Tests;

/// <summary>The analyzer sees what is called; this sees what stands in a signature and what is referenced.</summary>
public sealed class PurityTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Assembly = typeof(Core.Secrets.SecretText).Assembly;

    /// <summary>Addresses as plain data; sockets and requests lie elsewhere.</summary>
    private const string Addresses = "System.Net.Primitives";

    private static readonly string[] ImpureAssemblies =
        ["System.Console", "System.Net", "System.Diagnostics.Process", "System.IO", "System.Data", "System.Threading.Channels", "System.Diagnostics.TraceSource"];

    [Fact]
    public void Core_references_LanguageExt_and_the_base_library_only()
    {
        var foreign = Assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => name is not ("LanguageExt.Core" or Addresses) && (!name.StartsWith("System.", StringComparison.Ordinal) || ImpureAssemblies.Any(impure => name.StartsWith(impure, StringComparison.Ordinal))));
        Assert.Empty(foreign);
    }

    [Fact]
    public void No_signature_in_Core_names_a_banned_type()
    {
        var banned = BannedTypes();
        Assert.Contains("System.IO.Stream", banned);
        var offenders =
            from type in Assembly.GetTypes()
            from member in type.GetMembers(All)
            from named in Named(member).SelectMany(Parts)
            where banned.Contains(named.FullName ?? "")
            select $"{type.FullName}.{member.Name}: {named.FullName}";
        Assert.Empty(offenders);
    }

    /// <summary>The lines of Core/BannedSymbols.txt that ban a whole type, in reflection's spelling.</summary>
    private static System.Collections.Generic.HashSet<string> BannedTypes() =>
        [.. File.ReadLines(Repository.At("Core/BannedSymbols.txt")).Where(line => line.StartsWith("T:", StringComparison.Ordinal)).Select(line => line[2..line.IndexOf(';')])];

    private static IEnumerable<Type> Named(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType),
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        FieldInfo field => [field.FieldType],
        PropertyInfo property => [property.PropertyType],
        EventInfo happening => [happening.EventHandlerType!],
        _ => [],
    };

    /// <summary>A type, its base types, and whatever it is made of: <c>Seq&lt;Task&lt;int&gt;[]&gt;</c> names four.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        var self = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var bases = type.BaseType is { } parent ? Parts(parent) : [];
        return type.GetGenericArguments().Where(argument => !argument.IsGenericParameter).SelectMany(Parts).Append(self).Concat(bases);
    }
}
