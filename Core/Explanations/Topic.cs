namespace Kollect.Core.Explanations;

/// <summary>What a name means that users meet in messages, statuses and manifests.</summary>
/// <param name="Kind">What it names, e.g. <c>problem</c> or <c>option of MongoDB</c>.</param>
/// <param name="Name">As users meet it: <c>KDB040</c>, <c>ExportRefused</c>, <c>skip_unchanged</c>.</param>
/// <param name="Meaning">One or two sentences.</param>
/// <param name="Facts">Further short facts in lines, such as the possible values.</param>
/// <param name="Example">Lines of a manifest; empty = none.</param>
/// <param name="Messages">Examples of messages with it, e.g. behind the conditions that have them.</param>
/// <param name="Remedy">What a user can do; None = nothing is wrong.</param>
internal sealed record Topic(string Kind, string Name, string Meaning, Seq<string> Facts, Seq<string> Example, Seq<string> Messages, Option<string> Remedy);
