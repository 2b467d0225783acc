using System.Reflection;

namespace Kollect.Core.Tests;

/// <summary>The analyzer sees what is called; this sees what stands in a signature and what is referenced.</summary>
public sealed class PurityTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Assembly = typeof(Core.Secrets.SecretText).Assembly;

    /// <summary>Addresses as plain data; sockets and requests lie elsewhere.</summary>
    private const string Addresses = "System.Net.Primitives";

    private static readonly string[] ImpureAssemblies =
    [
        "System.Console", "System.Net", "System.Diagnostics.Process", "System.IO", "System.Data", "System.Threading.Channels",
        "System.Diagnostics.TraceSource",
    ];

    [Fact]
    public void Core_references_LanguageExt_the_models_and_the_base_library_only()
    {
        var foreign = Assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => name is not ("LanguageExt.Core" or "Kollect.Models" or Addresses)
                && (!name.StartsWith("System.", StringComparison.Ordinal)
                    || ImpureAssemblies.Any(impure => name.StartsWith(impure, StringComparison.Ordinal))));
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

    /// <summary>A delegate is a way to get a fact, not the fact: it can have effects, and may answer otherwise when it is called again.</summary>
    [Fact]
    public void No_observation_plan_or_decision_takes_or_holds_a_delegate()
    {
        var ofFacts = Assembly.GetTypes().Where(IsOfFacts).SelectMany(type => type.GetMembers(Public));
        var deciding = Assembly.GetTypes().SelectMany(type => type.GetMembers(Public)).Where(member => member.Name == "Decide");
        Assert.Contains(ofFacts, member => member.DeclaringType == typeof(Core.Operator.InventoryObservation));
        Assert.Contains(deciding, member => member.DeclaringType == typeof(Core.Operator.InventoryReconcile));
        var offenders =
            from member in ofFacts.Concat(deciding)
            from named in Named(member).SelectMany(Parts)
            where named == typeof(Delegate)
            select $"{member.DeclaringType!.FullName}.{member.Name} has a delegate in its signature";
        Assert.Empty(offenders.Distinct());
    }

    /// <summary>Named so, or nested in one that is; what the compiler makes of lambdas is neither.</summary>
    private static bool IsOfFacts(Type type) =>
        !type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute))
        && (new[] { "Observation", "Plan", "Decision" }.Any(type.Name.EndsWith) || (type.DeclaringType is { } outer && IsOfFacts(outer)));

    /// <summary>The lines of Core/BannedSymbols.txt that ban a whole type, in reflection's spelling.</summary>
    private static System.Collections.Generic.HashSet<string> BannedTypes() =>
        [.. File.ReadLines(Repository.At("Core/BannedSymbols.txt"))
            .Where(line => line.StartsWith("T:", StringComparison.Ordinal))
            .Select(line => line[2..line.IndexOf(';')])];

    private static IEnumerable<Type> Named(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType),
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        FieldInfo field => [field.FieldType],
        PropertyInfo property => [property.PropertyType],
        EventInfo declared => [declared.EventHandlerType!],
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
