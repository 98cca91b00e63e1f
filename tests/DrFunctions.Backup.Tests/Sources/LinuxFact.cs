namespace DrFunctions.Backup.Tests.Sources;

/// <summary>A fact about Linux, skipped with the reason elsewhere, and where only root may do it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute(bool asRoot = false) => Skip = !Folders.LinuxCalls.Exist ? "Only 64-bit Linux has such names and attributes."
        : asRoot && !Environment.IsPrivilegedProcess ? "Only root may do this."
        : null;
}
