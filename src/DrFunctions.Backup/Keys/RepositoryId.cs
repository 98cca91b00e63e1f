using System.Security.Cryptography;

namespace DrFunctions.Backup.Keys;

/// <summary>What tells one repository from another: 16 random bytes, written as 32 hexadecimal digits in lower case.</summary>
/// <param name="Value">The bytes as a number, the most significant first.</param>
public readonly record struct RepositoryId(UInt128 Value)
{
    /// <summary>Bytes.</summary>
    public const int Length = 16;

    /// <summary>A new one.</summary>
    public static RepositoryId Create()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return new RepositoryId(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out RepositoryId id)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var valid = text is { Length: 2 * Length }
            && !text.AsSpan().ContainsAnyInRange('A', 'F')
            && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        id = valid ? new RepositoryId(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;
        return valid;
    }

    /// <summary>Its bytes, the most significant first.</summary>
    public void Write(Span<byte> target) => System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(target, Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
