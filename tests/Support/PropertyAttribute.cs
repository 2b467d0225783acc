namespace Kollect.Tests.Support;

/// <summary>
/// A test that FsCheck runs with many generated arguments; a soak runs <see cref="SoakFactor"/> times as many. It has the name of FsCheck.Xunit's
/// attribute, so that a file that imports that one too does not compile, and no property misses the soak.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PropertyAttribute : FsCheck.Xunit.PropertyAttribute
{
    private const int SoakFactor = 20;

    private int _maxTest;

    public PropertyAttribute() => MaxTest = 100;

    /// <summary>How many cases run without a soak; 100 if it is not set.</summary>
    public new int MaxTest
    {
        get => _maxTest;
        set => base.MaxTest = (_maxTest = value) * (Soak.IsOn ? SoakFactor : 1);
    }
}
