namespace DrFunctions.Cloud.Blobs;

/// <summary>Names that a blob can have and that an address keeps as they are.</summary>
internal static class BlobName
{
    /// <summary>Why a blob cannot have the name, to be read after "its name"; null when it can.</summary>
    public static string? WhyNot(string name)
    {
        if (name.Length is 0 or > 1024)
        {
            return FormattableString.Invariant($"has {name.Length} characters, not 1 to 1024");
        }

        if (name.AsSpan().ContainsAny('\\', '\0'))
        {
            return "has a backslash or a NUL, which the service does not keep";
        }

        // An address that holds them is shortened on its way: 'a/../../x' would end in another container.
        return name.Split('/').Any(part => part is "." or "..") ? "has a part '.' or '..', which would lead elsewhere" : null;
    }
}
