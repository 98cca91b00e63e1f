namespace DrFunctions.Backup.Packs;

/// <summary>What is said of a pack that is not what was written.</summary>
internal static class PackDamage
{
    public static BackupException Of(string pack, string found) => new(
        BackupErrors.DataDamaged,
        $"{pack} is damaged: {found}",
        isTransient: false,
        "Repair the repository from the other region's, or restore another snapshot; 'check' lists what is affected.");
}
