using Kollect.Core.Collection;
using Kollect.Core.Manifests;
using Kollect.Core.Views;
using Kollect.Shell.Manifests;

namespace Kollect.Host.Commands;

/// <summary>The targets and profiles of the files, as views.</summary>
internal static class ViewSources
{
    /// <summary>A view for each target, in file order. Left: every problem of targets and profiles, one line each.</summary>
    public static Either<Seq<string>, Seq<TargetView>> Of(Workspace workspace)
    {
        var problems = workspace.Others.Bind(other => other.Problems).Map(problem => problem.ToString());
        if (!problems.IsEmpty)
            return problems;
        var profiles = workspace.Objects.Choose(Profile);
        var targets = workspace.Objects.Choose(document => Target(document).Map(target => (Document: document, Target: target)));
        if (targets.IsEmpty)
            return Seq1("the files of -f hold no KollectTarget and no KollectClusterTarget; a view shows the rows of one");
        var views = targets.Map(it => ViewOf(it.Document, it.Target, profiles)).Strict();
        var missing = views.Bind(view => view.LeftToSeq());
        return missing.IsEmpty ? views.Bind(view => view.RightToSeq()).Strict() : missing;
    }

    private static Either<string, TargetView> ViewOf(ManifestDocument document, Target target, Seq<Profile> profiles)
    {
        var wanted = target.Settings.Profile;
        return profiles.Find(it => it.Namespace == wanted.Namespace && it.Name == wanted.Name)
            .Map(profile => ProfileView.Of(target, profile))
            .ToEither($"{document.Source}: {document}: profile {wanted.Namespace}/{wanted.Name} is not in the files of -f, and its attributes are the columns");
    }

    private static Option<Profile> Profile(ManifestDocument document) => document.Kind == "KollectProfile"
        ? Optional(ProfileObject.Read(KnownDocuments.JsonOf(document).Span)).Bind(it => it.Spec.ToOption())
        : None;

    private static Option<Target> Target(ManifestDocument document) => document.Kind is "KollectTarget" or "KollectClusterTarget"
        ? Optional(TargetObject.Read(KnownDocuments.JsonOf(document).Span)).Bind(it => it.Spec.ToOption())
        : None;
}
