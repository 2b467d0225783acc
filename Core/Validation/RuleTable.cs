using Kollect.Core.Validation.Rules;

namespace Kollect.Core.Validation;

/// <summary>
/// Every rule there is. A new one takes the next free id; the id of a rule that is given up is never used again (KDB025: now the schema's). KDB001 to KDB019
/// are the schema's own (<see cref="StructuralIds"/>), from KDB501 on they are warnings.
/// </summary>
internal static class RuleTable
{
    public static Seq<Rule> Problems { get; } = Seq(
        new Rule("KDB020", "the block of the type is set", BlockRules.BlockOfTypeIsSet),
        new Rule("KDB021", "the blocks of other types are absent", BlockRules.OtherBlocksAreAbsent),
        new Rule("KDB022", "layout is absent", BlockRules.LayoutIsAbsent),
        new Rule("KDB023", "pathTemplate is absent", BlockRules.PathTemplateIsAbsent),
        new Rule("KDB024", "the serialization format is json", BlockRules.FormatIsJson),
        new Rule("KDB026", "a Secret's name is possible", ReferenceRules.Name),
        new Rule("KDB027", "a Secret's namespace is possible", ReferenceRules.Namespace),
        new Rule("KDB030", "the PostgreSQL schema is an identifier", DestinationRules.PostgresSchema),
        new Rule("KDB031", "the PostgreSQL table is an identifier", DestinationRules.PostgresTable),
        new Rule("KDB032", "the MongoDB database is a name", DestinationRules.MongoDbDatabase),
        new Rule("KDB033", "the MongoDB collection is a name", DestinationRules.MongoDbCollection),
        new Rule("KDB034", "the BigQuery project is an id", DestinationRules.BigQueryProject),
        new Rule("KDB035", "the BigQuery dataset is a name", DestinationRules.BigQueryDataset),
        new Rule("KDB036", "the BigQuery table is a name", DestinationRules.BigQueryTable),
        new Rule("KDB037", "the BigQuery location is a location", DestinationRules.BigQueryLocation),
        new Rule("KDB038", "the naming template knows its placeholders", DestinationRules.NamingTemplate),
        new Rule("KDB039", "the naming template can give a usable name", DestinationRules.NamingTemplateCanFit),
        new Rule("KDB040", "no option key looks like a secret", OptionRules.NoSecretInKey),
        new Rule("KDB041", "no option value carries a secret", OptionRules.NoSecretInValue),
        new Rule("KDB042", "skip_unchanged is true or false", OptionRules.SkipUnchangedIsBoolean),
        new Rule("KDB043", "a PostgreSQL option is not forbidden", OptionRules.PostgresNotForbidden),
        new Rule("KDB044", "a PostgreSQL option has the name of a parameter", OptionRules.PostgresNameIsAParameter),
        new Rule("KDB045", "a PostgreSQL option's value is text", OptionRules.PostgresValueIsText),
        new Rule("KDB046", "a BigQuery option is known", BigQueryOptionRules.NameIsKnown),
        new Rule("KDB047", "a BigQuery option's value is possible", BigQueryOptionRules.ValueIsPossible),
        new Rule("KDB048", "a BigQuery label is possible", BigQueryOptionRules.LabelIsPossible),
        new Rule("KDB049", "a MongoDB option is known", MongoDbOptionRules.NameIsKnown),
        new Rule("KDB050", "a MongoDB option's value is possible", MongoDbOptionRules.ValueIsPossible),
        new Rule("KDB060", "exportMinInterval is a duration", SettingRules.IntervalIsADuration),
        new Rule("KDB061", "exportMinInterval is in range", SettingRules.IntervalIsInRange),
        new Rule("KDB062", "the cluster label is text", SettingRules.ClusterIsText),
        new Rule("KDB063", "the endpoint is a base URL", SettingRules.EndpointIsABaseUrl),
        new Rule("KDB064", "there is one source of authorities", SettingRules.OneSourceOfAuthorities),
        new Rule("KDB065", "caBundle is PEM in base64", SettingRules.CaBundleIsPem));

    public static Seq<Rule> Warnings { get; } = Seq(
        new Rule("KDB501", "mode existing creates nothing", Rules.Warnings.ExistingMode),
        new Rule("KDB502", "a Secret lies in another namespace", Rules.Warnings.CrossNamespace),
        new Rule("KDB503", "certificates are not checked", Rules.Warnings.InsecureSkipVerify),
        new Rule("KDB504", "the authority has no effect", Rules.Warnings.AuthorityWithoutEffect),
        new Rule("KDB505", "the cluster label is empty", Rules.Warnings.NoCluster),
        new Rule("KDB506", "BigQuery is exported too often", Rules.Warnings.BigQueryTooOften),
        new Rule("KDB507", "the endpoint has no effect", Rules.Warnings.EndpointWithoutEffect),
        new Rule("KDB508", "the endpoint is not encrypted", Rules.Warnings.EndpointUnencrypted),
        new Rule("KDB509", "compression has no effect", Rules.Warnings.CompressionWithoutEffect),
        new Rule("KDB510", "secretRef has no effect", Rules.Warnings.CredentialsWithoutEffect),
        new Rule("KDB511", "a PostgreSQL option is not known", OptionRules.PostgresNameIsKnown),
        new Rule("KDB512", "readPreference has no effect", Rules.Warnings.ReadPreferenceWithoutEffect));
}
