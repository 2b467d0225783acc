using System.Text.Json.Nodes;
using Kollect.Shell.Tests.Program;

namespace Kollect.Shell.Tests.Operator;

/// <summary>
/// The account of the operator at the API server: a user of its own, so that its requests differ from those of kubectl, with a token in a file.
/// </summary>
internal sealed class OperatorAccount : IDisposable
{
    private readonly KubernetesServer server;
    private readonly TemporaryFolder folder = new();
    private string token = "";

    private OperatorAccount(KubernetesServer server, string user) => (this.server, User) = (server, user);

    public string User { get; }

    public string Kubeconfig => folder.At("kubeconfig");

    private string TokenFile => folder.At("token");

    public static async Task<OperatorAccount> CreateAsync(KubernetesServer server, string user = "operator")
    {
        var account = new OperatorAccount(server, user);
        await account.IssueAsync();
        var config = JsonNode.Parse(server.KubeconfigOf("unused"))!;
        config["users"]![0]!["user"] = new JsonObject { ["tokenFile"] = account.TokenFile };
        account.folder.Write("kubeconfig", config.ToJsonString());
        return account;
    }

    /// <summary>Revokes the token and writes a new one to the file.</summary>
    public async Task RotateAsync()
    {
        await server.RevokeTokenAsync(token);
        await IssueAsync();
    }

    public void Dispose() => folder.Dispose();

    private async Task IssueAsync()
    {
        token = Guid.NewGuid().ToString("N");
        await server.AddTokenAsync(token, User, "system:masters");
        folder.Write("token", token + "\n");
    }
}
