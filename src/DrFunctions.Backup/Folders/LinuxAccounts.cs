using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace DrFunctions.Backup.Folders;

/// <summary>The names of users and groups, as the machine knows them: /etc/passwd, LDAP and the like. Thread-safe.</summary>
internal static class LinuxAccounts
{
    private const int MostRemembered = 10_000;
    private const int FirstLength = 4096;
    private const int LongestLength = 1024 * 1024;

    // struct passwd and struct group both begin with the name, and a pointer later comes the number of the group, or of the user.
    private const int StructureLength = 64;
    private const int NumberOffset = 16;

    private static readonly ConcurrentDictionary<uint, string?> Users = new();
    private static readonly ConcurrentDictionary<uint, string?> Groups = new();
    private static readonly ConcurrentDictionary<string, uint?> UserIds = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, uint?> GroupIds = new(StringComparer.Ordinal);

    /// <summary>A user's name; null when there is none.</summary>
    public static string? UserOf(uint id) => Remember(Users, id, static id => Name(id, GetUser));

    /// <summary>A group's name; null when there is none.</summary>
    public static string? GroupOf(uint id) => Remember(Groups, id, static id => Name(id, GetGroup));

    /// <summary>A user's number; null when there is none of that name.</summary>
    public static uint? UserNamed(string name) => Remember(UserIds, name, static name => Number(name, GetUserNamed));

    /// <summary>A group's number; null when there is none of that name.</summary>
    public static uint? GroupNamed(string name) => Remember(GroupIds, name, static name => Number(name, GetGroupNamed));

    private static TValue Remember<TKey, TValue>(ConcurrentDictionary<TKey, TValue> known, TKey key, Func<TKey, TValue> find)
        where TKey : notnull
    {
        if (!known.TryGetValue(key, out var value))
        {
            if (known.Count >= MostRemembered)
            {
                known.Clear();
            }

            known[key] = value = find(key);
        }

        return value;
    }

    private static string? Name(uint id, Lookup<uint> call) => Find(id, call, static found => Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(found)));

    private static uint? Number(string name, Lookup<string> call) => Find(name, call, static found => (uint?)Marshal.ReadInt32(found, NumberOffset));

    private static TResult? Find<TKey, TResult>(TKey key, Lookup<TKey> call, Func<nint, TResult?> read)
    {
        for (var length = FirstLength; length <= LongestLength; length *= 4)
        {
            var memory = Marshal.AllocHGlobal(StructureLength + length);
            try
            {
                var error = call(key, memory, memory + StructureLength, (nuint)length, out var found);
                if (error != LinuxCalls.TooShort)
                {
                    return error == 0 && found != 0 ? read(found) : default;
                }
            }
            finally
            {
                Marshal.FreeHGlobal(memory);
            }
        }

        return default;
    }

    private delegate int Lookup<in TKey>(TKey key, nint structure, nint buffer, nuint length, out nint found);

    [DllImport("libc", EntryPoint = "getpwuid_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUser(uint id, nint structure, nint buffer, nuint length, out nint found);

    [DllImport("libc", EntryPoint = "getgrgid_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetGroup(uint id, nint structure, nint buffer, nuint length, out nint found);

    [DllImport("libc", EntryPoint = "getpwnam_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUserNamed([MarshalAs(UnmanagedType.LPUTF8Str)] string name, nint structure, nint buffer, nuint length, out nint found);

    [DllImport("libc", EntryPoint = "getgrnam_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetGroupNamed([MarshalAs(UnmanagedType.LPUTF8Str)] string name, nint structure, nint buffer, nuint length, out nint found);
}
