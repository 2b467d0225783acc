using System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect crds</c>.</summary>
internal static class CrdsCommand
{
    public static Command Create()
    {
        var command = new Command("crds", "Print the CustomResourceDefinitions: kollect crds | kubectl apply -f -");
        command.SetAction(async (_, cancel) =>
        {
            foreach (var name in typeof(CrdsCommand).Assembly.GetManifestResourceNames().Where(IsCrd).Order(StringComparer.Ordinal))
            {
                await using var resource = typeof(CrdsCommand).Assembly.GetManifestResourceStream(name)!;
                using var text = new StreamReader(resource);
                Console.WriteLine("---");
                Console.Write(await text.ReadToEndAsync(cancel));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static bool IsCrd(string resource) =>
        resource.StartsWith("crds/", StringComparison.Ordinal) && resource.EndsWith(".yaml", StringComparison.Ordinal);
}
