using System.Reflection;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>Where a function stands, for messages about mistakes: file and line, type and method, name.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Name">Its name.</param>
internal sealed record FunctionPlace(MethodInfo Method, string Name)
{
    /// <summary>File and line where they are known, type and method.</summary>
    public string Member { get; } =
        $"{(SourceLocations.Find(Method) is { } file ? file + " " : "")}{Method.DeclaringType?.FullName}.{Method.Name}";

    /// <summary>A message about the function.</summary>
    public string Problem(string what) => $"{Member}: function '{Name}' {what}";

    /// <summary>A message about a parameter.</summary>
    public string Problem(ParameterInfo parameter, string? what) =>
        $"{Member}, parameter '{parameter.Name}' of type {parameter.ParameterType.Name}: {what}";

    /// <summary>The name and the member.</summary>
    public override string ToString() => $"'{Name}' ({Member})";
}
