using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests.Rules;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>The wire shape -> <see cref="Sink"/>: the border past which nobody checks anything again.</summary>
public static class SinkParser
{
    /// <summary>The sink, or every problem of its validation.</summary>
    /// <param name="model">As it was read.</param>
    /// <param name="validation">Its own.</param>
    public static Either<Seq<Problem>, Sink> Parse(KollectDatabaseSink model, ValidationResult validation) =>
        validation.IsValid ? Right<Seq<Problem>, Sink>(Backend(model, Settings(model))) : Left<Seq<Problem>, Sink>(validation.Problems);

    private static Sink Backend(KollectDatabaseSink model, SinkSettings settings) => model.Spec switch
    {
        { Type: SinkType.Postgres, Postgres: { } it } => new Sink.Postgres(
            settings, Reference(model, "spec.postgres.databaseRef"), NonBlank(it.Schema).IfNone("public"), Trimmed(it.Table)),
        { Type: SinkType.Mongodb, Mongodb: { } it } => new Sink.MongoDb(
            settings, Reference(model, "spec.mongodb.databaseRef"), Trimmed(it.Database), Trimmed(it.Collection)),
        { Type: SinkType.Bigquery, Bigquery: { } it } => new Sink.BigQuery(
            settings, Trimmed(it.Project), Trimmed(it.Dataset), Trimmed(it.Table), NonBlank(it.Location), OptionalReference(model, "spec.bigquery.secretRef")),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static SinkSettings Settings(KollectDatabaseSink model)
    {
        var spec = model.Spec;
        return new SinkSettings(
            SpecParts.Namespace(model),
            Trimmed(model.Metadata.Name),
            spec.Provisioning.Mode == KollectDatabaseSinkMode.Existing ? ProvisioningMode.Existing : ProvisioningMode.Ensure,
            NonBlank(spec.Provisioning.Naming?.Template),
            ServerOptions(model),
            Options(model).Any(option => option.Name == OptionRules.SkipUnchanged && option.Value.Trim() == "true"),
            NonBlank(spec.ExportMinInterval).Bind(GoDuration.Parse),
            spec.ConnectionTest,
            Trimmed(spec.Cluster),
            spec.Type == SinkType.Bigquery ? NonBlank(spec.Endpoint).Map(text => new Uri(text)) : None,
            Tls(model),
            OptionalReference(model, "spec.secretRef"));
    }

    private static Map<string, string> ServerOptions(KollectDatabaseSink model) =>
        Options(model).Where(option => option.Name != OptionRules.SkipUnchanged)
            .Aggregate(Map<string, string>(), (map, option) => map.AddOrUpdate(option.Name, option.Value.Trim()));

    private static TlsSettings Tls(KollectDatabaseSink model) => new(
        model.Spec.Tls?.CaBundle is { } bundle ? SettingRules.Pem(bundle) : None,
        OptionalReference(model, "spec.tls.caSecretRef"),
        model.Spec.Tls?.InsecureSkipVerify ?? false);

    private static Option<SecretRef> OptionalReference(KollectDatabaseSink model, string path) =>
        References(model).Where(reference => reference.Path == path)
            .Select(reference => Some(new SecretRef(reference.Namespace.IfNone(SpecParts.Namespace(model)), reference.Name)))
            .FirstOrDefault();

    /// <summary>Validation demands it: <c>KDB025</c>.</summary>
    private static SecretRef Reference(KollectDatabaseSink model, string path) =>
        OptionalReference(model, path).IfNone(() => throw new System.Diagnostics.UnreachableException());
}
