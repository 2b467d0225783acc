using System.CommandLine;
using Kollect.Host.Install;

namespace Kollect.Host.Commands;

/// <summary><c>kollect crds</c>.</summary>
internal static class CrdsCommand
{
    public static Command Create()
    {
        var command = new Command(
            "crds",
            """
            Print the CustomResourceDefinitions, ready for kubectl.

            Example: kollect crds | kubectl apply -f -
            """);
        command.SetAction(_ =>
        {
            foreach (var text in EmbeddedCrds.Texts)
            {
                Console.WriteLine("---");
                Console.Write(text);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
