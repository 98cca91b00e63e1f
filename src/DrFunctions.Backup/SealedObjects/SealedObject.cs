using System.Buffers.Binary;
using System.Security.Cryptography;
using DrFunctions.Backup.Keys;

namespace DrFunctions.Backup.SealedObjects;

/// <summary>What is known of a sealed object by its two ends: its directory, authenticated. Immutable; thread-safe.</summary>
internal sealed class SealedObject
{
    // The directories of most objects are shorter, and one request reads them.
    private const int LikelyTail = 64 * 1024;

    private readonly byte[] header;

    private SealedObject(byte[] header, byte[] directory, long recordsEnd) => (this.header, Directory, RecordsEnd) = (header, directory, recordsEnd);

    /// <summary>What its writer closed it with.</summary>
    public ReadOnlyMemory<byte> Directory { get; }

    /// <summary>Its first bytes, from which its key is derived.</summary>
    public ReadOnlyMemory<byte> Header => header;

    /// <summary>Where its records end, in bytes from its beginning; they begin at <see cref="SealedFormat.HeaderLength"/>.</summary>
    public long RecordsEnd { get; }

    /// <summary>How many bytes the directory and the footer of an object have, from its footer; null when that is none.</summary>
    /// <param name="footer">The last <see cref="SealedFormat.FooterLength"/> bytes of the object.</param>
    /// <param name="length">Bytes of the object.</param>
    public static int? TailOf(ReadOnlySpan<byte> footer, long length)
    {
        var directory = BinaryPrimitives.ReadInt32BigEndian(footer);
        var valid = footer[4..].SequenceEqual(SealedFormat.EndMagic)
            && directory >= SealedFormat.TagLength
            && directory <= length - SealedFormat.HeaderLength - SealedFormat.FooterLength;
        return valid ? directory + SealedFormat.FooterLength : null;
    }

    /// <summary>Reads the two ends of an object.</summary>
    /// <param name="keys">The repository's keys.</param>
    /// <param name="kind">What it must hold.</param>
    /// <param name="header">The first <see cref="SealedFormat.HeaderLength"/> bytes of the object.</param>
    /// <param name="tail">The last ones, as many as <see cref="TailOf"/> says.</param>
    /// <param name="length">Bytes of the object.</param>
    /// <param name="name">The object in words, for the error.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataDamaged"/>, or <see cref="BackupErrors.FormatTooNew"/>.</exception>
    public static SealedObject Open(
        RepositoryKeys keys, SealedKind kind, ReadOnlySpan<byte> header, ReadOnlySpan<byte> tail, long length, string name)
    {
        if (header.Length != SealedFormat.HeaderLength || !header.StartsWith(SealedFormat.Magic) || header[4] != (byte)kind)
        {
            throw Damaged(name, $"it does not begin as {Words(kind)}");
        }

        if (header[5] > SealedFormat.Version)
        {
            throw new BackupException(
                BackupErrors.FormatTooNew,
                $"{name} has format version {header[5]}; this program reads up to {SealedFormat.Version}",
                isTransient: false,
                "Use the version of the program that wrote it, or a newer one.");
        }

        if (tail.Length < SealedFormat.FooterLength || TailOf(tail[^SealedFormat.FooterLength..], length) != tail.Length)
        {
            throw Damaged(name, $"it does not end as {Words(kind)}");
        }

        var directory = new byte[tail.Length - SealedFormat.FooterLength - SealedFormat.TagLength];
        using var cipher = SealedFormat.CipherOf(keys, header);
        return SealedFormat.TryOpen(cipher, SealedFormat.DirectoryRecord, tail[..^SealedFormat.FooterLength], directory)
            ? new SealedObject(header.ToArray(), directory, length - tail.Length)
            : throw Damaged(name, "its directory does not match its tag; it may also be of another repository");
    }

    /// <summary>Reads the two ends of an object: its last bytes, its first ones, and what of the directory the last ones did not show.</summary>
    /// <param name="keys">The repository's keys.</param>
    /// <param name="kind">What it must hold.</param>
    /// <param name="content">The object.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataDamaged"/>, <see cref="BackupErrors.FormatTooNew"/>, or the storage's.</exception>
    public static async Task<SealedObject> OpenAsync(RepositoryKeys keys, SealedKind kind, IObjectContent content, CancellationToken cancellationToken)
    {
        if (content.Length < SealedFormat.HeaderLength + SealedFormat.TagLength + SealedFormat.FooterLength)
        {
            throw Damaged(content.Name, $"it has {content.Length} bytes, fewer than {Words(kind)} can have");
        }

        var seen = new byte[Math.Min(content.Length, LikelyTail)];
        await content.ReadAsync(content.Length - seen.Length, seen, cancellationToken);
        var tail = TailOf(seen.AsSpan(^SealedFormat.FooterLength..), content.Length) ?? throw Damaged(content.Name, $"it does not end as {Words(kind)}");
        if (tail > seen.Length)
        {
            var whole = new byte[tail];
            await content.ReadAsync(content.Length - tail, whole.AsMemory(0, tail - seen.Length), cancellationToken);
            seen.CopyTo(whole, tail - seen.Length);
            seen = whole;
        }

        var header = new byte[SealedFormat.HeaderLength];
        if (seen.Length == content.Length)
        {
            seen.AsSpan(0, header.Length).CopyTo(header);
        }
        else
        {
            await content.ReadAsync(0, header, cancellationToken);
        }

        return Open(keys, kind, header, seen.AsSpan(^tail..), content.Length, content.Name);
    }

    /// <summary>What is said of an object that is not what was written.</summary>
    public static BackupException Damaged(string name, string found) => new(
        BackupErrors.DataDamaged,
        $"{name} is damaged: {found}",
        isTransient: false,
        "Repair the repository from the other region's, or restore another snapshot; 'check' lists what is affected.");

    /// <summary>A cipher for the object's records; one for each thread.</summary>
    public AesGcm CreateCipher(RepositoryKeys keys) => SealedFormat.CipherOf(keys, header);

    private static string Words(SealedKind kind) => kind switch
    {
        SealedKind.Pack => "a pack",
        SealedKind.Index => "an index",
        SealedKind.Snapshot => "a snapshot",
        SealedKind.Part => "a part of a backup",
        SealedKind.Tombstone => "a tombstone",
        SealedKind.Hold => "a legal hold",
        _ => "a checkpoint",
    };
}
