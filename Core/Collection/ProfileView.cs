using System.Diagnostics;
using Kollect.Core.Views;

namespace Kollect.Core.Collection;

/// <summary>A target and its profile -> the view of its rows.</summary>
internal static class ProfileView
{
    /// <summary>A column for each attribute, and one for the object itself where the profile exports it.</summary>
    public static TargetView Of(Target target, Profile profile) => new(
        target.RowNamespace,
        target.Settings.Name,
        Join(
            profile.Attributes.Map(it => new ViewAttribute(it.Name, TypeOf(it.Type))),
            profile.Resource.Map(it => new ViewAttribute(it.As, ViewType.Object)).ToSeq()).Strict());

    private static ViewType TypeOf(AttributeType type) => type switch
    {
        AttributeType.Any => ViewType.Json,
        AttributeType.Text => ViewType.Text,
        AttributeType.Int => ViewType.Integer,
        AttributeType.Number => ViewType.Number,
        AttributeType.Bool => ViewType.Boolean,
        AttributeType.List => ViewType.List,
        AttributeType.Object => ViewType.Object,
        _ => throw new UnreachableException(),
    };
}
