using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>Where methods stand in the sources, from the debugging information beside or inside their assembly.</summary>
internal static class SourceLocations
{
    /// <summary>File and line as <c>Orders.cs:17</c>; null where there is no debugging information.</summary>
    public static string? Find(MethodBase method)
    {
        try
        {
            return method.Module.Assembly.Location is { Length: > 0 } assembly ? Find(assembly, method) : null;
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            // The place in the sources is a courtesy: the message names type and method without it.
            return null;
        }
    }

    private static string? Find(string assembly, MethodBase method)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        if (!image.TryOpenAssociatedPortablePdb(assembly, path => File.Exists(path) ? File.OpenRead(path) : null, out var symbols, out _)
            || symbols is null)
        {
            return null;
        }

        using (symbols)
        {
            var reader = symbols.GetMetadataReader();
            var handle = (MethodDefinitionHandle)MetadataTokens.EntityHandle(method.MetadataToken);
            return First(reader, handle.ToDebugInformationHandle()) ?? (MoveNext(reader, handle) is { } moved ? First(reader, moved) : null);
        }
    }

    // The body of an async method is in its state machine.
    private static MethodDebugInformationHandle? MoveNext(MetadataReader reader, MethodDefinitionHandle kickoff)
    {
        foreach (var handle in reader.MethodDebugInformation)
        {
            if (reader.GetMethodDebugInformation(handle).GetStateMachineKickoffMethod() == kickoff)
            {
                return handle;
            }
        }

        return null;
    }

    private static string? First(MetadataReader reader, MethodDebugInformationHandle handle)
    {
        foreach (var point in reader.GetMethodDebugInformation(handle).GetSequencePoints())
        {
            if (!point.IsHidden)
            {
                // A document's name may be a path of another machine.
                var path = reader.GetString(reader.GetDocument(point.Document).Name);
                return $"{path[(path.LastIndexOfAny(['/', '\\']) + 1)..]}:{point.StartLine}";
            }
        }

        return null;
    }
}
