using Kollect.Core.Backends;
using Kollect.Core.Manifests.Rules;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;
using SinkRule = Kollect.Core.Manifests.Rule<Kollect.Models.V1Alpha1.KollectDatabaseSink>;

namespace Kollect.Core.Manifests.Blocks;

/// <summary>The block of one backend in <c>spec</c>: the part of a backend that validation and parsing use.</summary>
internal abstract class BackendBlock(SinkType type)
{
    public SinkType Type => type;

    /// <summary>The name of the block and of the type.</summary>
    public string Name => type.WireName();

    /// <summary>True = <c>spec.endpoint</c> is the address of the server.</summary>
    public virtual bool ReadsEndpoint => false;

    /// <summary>Options that Kollect reads and does not pass on.</summary>
    public virtual Seq<string> OwnOptions => Seq(OptionRules.SkipUnchanged, OptionRules.Ledger, OptionRules.LedgerKeep);

    /// <summary>Options that are passed on and known by name, in words.</summary>
    public virtual Seq<OptionText> PassedOn => Empty;

    /// <summary>The rules for sinks of this type.</summary>
    public abstract Seq<SinkRule> Problems { get; }

    /// <inheritdoc cref="Problems"/>
    public virtual Seq<SinkRule> Warnings => Empty;

    public abstract bool IsSet(KollectDatabaseSinkSpec spec);

    /// <summary>The reference to the Secret with the connection.</summary>
    public abstract Option<Reference> Secret(KollectDatabaseSinkSpec spec);

    /// <summary>Why an operator does not use a Secret of another namespace even with its owner's grant; None = it does.</summary>
    public virtual Option<string> ForeignObjection(KollectDatabaseSinkSpec spec, Reference reference) => None;

    /// <summary>Why a name cannot be a table or collection; None = it can.</summary>
    public abstract Option<string> TableNameProblem(KollectDatabaseSinkSpec spec, string table);

    /// <summary>The sink of a valid manifest.</summary>
    public abstract Sink Parse(KollectDatabaseSink model, SinkSettings settings);

    protected SinkRule Rule(string id, string title, string remedy, Func<KollectDatabaseSink, IEnumerable<Finding>> check) =>
        new(id, title, remedy, sink => sink.Spec.Type == Type ? check(sink) : []);

    /// <summary>A rule for each option that Kollect does not read itself.</summary>
    /// <param name="id">Never reused.</param>
    /// <param name="title">The requirement.</param>
    /// <param name="remedy">What the author of the manifest can do.</param>
    /// <param name="problem">Name and value -> the problem; None = valid.</param>
    protected SinkRule OptionRule(string id, string title, string remedy, Func<string, string, Option<string>> problem) =>
        Rule(id, title, remedy, sink =>
            from option in Options(sink)
            where !OwnOptions.Contains(option.Name)
            from why in problem(option.Name, option.Value).AsEnumerable()
            select new Finding(OptionPath(option.Name), why));
}

/// <inheritdoc cref="BackendBlock"/>
/// <typeparam name="T">The block's model.</typeparam>
internal abstract class BackendBlock<T>(
    SinkType type, Func<KollectDatabaseSinkSpec, T?> block, string secretField, Func<string, T, Option<Reference>> secret) : BackendBlock(type)
    where T : class
{
    public sealed override bool IsSet(KollectDatabaseSinkSpec spec) => block(spec) is not null;

    public sealed override Option<Reference> Secret(KollectDatabaseSinkSpec spec) =>
        block(spec) is { } it ? secret($"spec.{Name}.{secretField}", it) : None;

    public sealed override Sink Parse(KollectDatabaseSink model, SinkSettings settings) => Parse(
        model.Spec,
        block(model.Spec) ?? throw new System.Diagnostics.UnreachableException(),
        settings,
        Secret(model.Spec).Map(reference => SecretOf(model, reference)));

    protected abstract Sink Parse(KollectDatabaseSinkSpec spec, T block, SinkSettings settings, Option<SecretRef> secret);

    /// <summary>The key that the reference to the Secret names.</summary>
    protected Option<string> SecretKey(KollectDatabaseSinkSpec spec) => Secret(spec).Bind(reference => reference.Key);

    /// <summary>A rule for one field of the block.</summary>
    /// <param name="id">Never reused.</param>
    /// <param name="title">The requirement.</param>
    /// <param name="remedy">What the author of the manifest can do.</param>
    /// <param name="field">On the wire.</param>
    /// <param name="problem">The problem of the field; None = valid.</param>
    protected SinkRule FieldRule(string id, string title, string remedy, string field, Func<T, Option<string>> problem) =>
        Rule(id, title, remedy, sink =>
            block(sink.Spec) is { } it ? problem(it).Map(why => new Finding($"spec.{Name}.{field}", why)).AsEnumerable() : []);

    /// <summary>The schema demands it.</summary>
    protected static SecretRef Required(Option<SecretRef> secret) => secret.IfNone(() => throw new System.Diagnostics.UnreachableException());
}
