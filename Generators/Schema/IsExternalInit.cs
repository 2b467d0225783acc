namespace System.Runtime.CompilerServices;

/// <summary>The compiler requires this type for <c>init</c> and records on netstandard2.0.</summary>
internal static class IsExternalInit;
