using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Kollect.Host.Install;

/// <summary>Everything that an installation consists of, without the CRDs: the kustomize base, changed by the options.</summary>
internal static class InstallManifest
{
    private const string Service = "kollect-webhook";
    private const string CertificateVolume = "webhook-certificate";
    private const string CertificateFolder = "--webhook-cert-dir";

    /// <summary>The documents, in the order in which they can be applied.</summary>
    public static IReadOnlyList<YamlMappingNode> Build(InstallOptions options)
    {
        var root = new Kustomization();
        YamlMappingNode[] documents =
        [
            .. root.Read("namespace.yaml"),
            .. root.Resources.Where(it => Belongs(it, options)),
            .. options.Webhook == WebhookMode.SelfSigned ? root.Read("self-signed.yaml") : [],
            .. options.Monitoring ? Monitoring : [],
        ];
        var deployment = documents.Single(it => Kind(it) == "Deployment");
        SetWorkload(deployment, options, options.Image ?? root.Image);
        switch (options.Webhook)
        {
            case WebhookMode.None:
                RemoveWebhook(deployment);
                break;
            case WebhookMode.SelfSigned:
                RemoveCertificate(deployment);
                AddArguments(Container(deployment), "--webhook-self-signed");
                documents.Single(it => Kind(it) == "ValidatingWebhookConfiguration").Map("metadata").Children.Remove(new YamlScalarNode("annotations"));
                break;
        }

        Move(documents, options.Namespace);
        return documents;
    }

    private static IEnumerable<YamlMappingNode> Monitoring
    {
        get
        {
            var folder = new Kustomization("monitoring");
            return folder.Resources.Concat(folder.ConfigMaps);
        }
    }

    public static string Kind(YamlMappingNode document) => document.Text("kind");

    public static string Name(YamlMappingNode document) => document.Text("metadata.name");

    private static bool Belongs(YamlMappingNode document, InstallOptions options) => Kind(document) switch
    {
        "Issuer" or "Certificate" => options.Webhook == WebhookMode.CertManager,
        "ValidatingWebhookConfiguration" => options.Webhook != WebhookMode.None,
        "Service" => options.Webhook != WebhookMode.None || Name(document) != Service,
        _ => true,
    };

    private static void SetWorkload(YamlMappingNode deployment, InstallOptions options, string image)
    {
        deployment.Map("spec").Set("replicas", Text(options.Replicas));
        var container = Container(deployment);
        container.Set("image", image);
        if (options.Shards > 1)
            AddArguments(container, "--shards", Text(options.Shards));
    }

    private static void RemoveWebhook(YamlMappingNode deployment)
    {
        RemoveCertificate(deployment);
        var container = Container(deployment);
        var ports = container.List("ports");
        ports.Children.Remove(ports.Named("webhook"));
        AddArguments(container, "--webhook-port", "0");
    }

    /// <summary>The folder with the certificate that another program writes.</summary>
    private static void RemoveCertificate(YamlMappingNode deployment)
    {
        var container = Container(deployment);
        var arguments = container.List("args").Children;
        var folder = arguments.IndexOf(new YamlScalarNode(CertificateFolder));
        arguments.RemoveAt(folder + 1);
        arguments.RemoveAt(folder);
        foreach (var list in new[] { container.List("volumeMounts"), deployment.List("spec.template.spec.volumes") })
            list.Children.Remove(list.Named(CertificateVolume));
    }

    /// <summary>Numbers are quoted: an argument is a string.</summary>
    private static void AddArguments(YamlMappingNode container, params IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
            container.List("args").Add(new YamlScalarNode(argument)
            {
                Style = char.IsAsciiDigit(argument[0]) ? YamlDotNet.Core.ScalarStyle.DoubleQuoted : YamlDotNet.Core.ScalarStyle.Any,
            });
    }

    private static YamlMappingNode Container(YamlMappingNode deployment) => deployment.List("spec.template.spec.containers").Named("operator");

    /// <summary>Into another namespace: each field of that name, the Namespace itself, and the names that contain it.</summary>
    private static void Move(IReadOnlyList<YamlMappingNode> documents, string to)
    {
        foreach (var document in documents)
        {
            MoveFields(document, to);
            switch (Kind(document))
            {
                case "Namespace":
                    document.Map("metadata").Set("name", to);
                    break;
                case "Certificate":
                    // The name by which the API server calls the service.
                    document.Map("spec").Set("commonName", $"{Service}.{to}.svc");
                    ((YamlScalarNode)document.List("spec.dnsNames")[0]).Value = $"{Service}.{to}.svc";
                    break;
                case "ValidatingWebhookConfiguration" when document.Map("metadata").Find("annotations") is YamlMappingNode annotations:
                    annotations.Set("cert-manager.io/inject-ca-from", $"{to}/{Name(documents.Single(it => Kind(it) == "Certificate"))}");
                    break;
            }
        }
    }

    private static void MoveFields(YamlNode node, string to)
    {
        if (node is YamlSequenceNode list)
            foreach (var item in list)
                MoveFields(item, to);
        if (node is YamlMappingNode fields)
            foreach (var (key, value) in fields)
                if (key is YamlScalarNode { Value: "namespace" } && value is YamlScalarNode name)
                    name.Value = to;
                else
                    MoveFields(value, to);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
