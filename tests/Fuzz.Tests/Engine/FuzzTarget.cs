namespace Kollect.Fuzz.Tests.Engine;

/// <summary>A parser, with what is known about its inputs and outputs.</summary>
/// <param name="name">Also the folder of its seeds under <c>Corpus</c>, and of its found inputs under <c>Found</c>.</param>
internal abstract class FuzzTarget(string name)
{
    public string Name { get; } = name;

    /// <summary>How inputs are made.</summary>
    public abstract InputForm Form { get; }

    /// <summary>Words with a meaning to the parser, which mutations insert.</summary>
    public virtual IReadOnlyList<string> Tokens => [];

    /// <summary>Bytes that one run may allocate, the checks of this class included.</summary>
    public virtual long MaxAllocated(int length) => (16L << 20) + (2_000L * length);

    /// <summary>Parses an input, and checks what the parser returns.</summary>
    /// <returns>The result as text: equal for every run of the same input.</returns>
    /// <exception cref="Exception">Any = a finding.</exception>
    public abstract string Run(byte[] input);

    public override string ToString() => Name;
}

/// <summary>How the inputs of a target are made from its seeds.</summary>
internal enum InputForm
{
    /// <summary>JSON values; their trees are mutated, and then the bytes of some.</summary>
    Json,

    /// <summary>JSON values that the target takes apart itself: only their trees are mutated.</summary>
    JsonTree,

    /// <summary>Manifests in JSON or YAML; those in JSON are also written as YAML.</summary>
    Manifest,

    /// <summary>JSON values that are written as BSON.</summary>
    Bson,
}
