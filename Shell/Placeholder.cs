namespace Kollect.Shell;

internal static class Placeholder;
