using System.Security.Cryptography;
using System.Text;

namespace DrFunctions.Recovery.People;

/// <summary>Whom a key belongs to. Immutable.</summary>
public sealed class KnownPeople
{
    private readonly (byte[] Hash, CallerIdentity Person)[] _keys;

    /// <summary>The people of a list without mistakes.</summary>
    public KnownPeople(IEnumerable<PersonEntry> people) => _keys =
    [
        .. from person in people
           let identity = new CallerIdentity(person.Name, person.Role(), CallerAuthentication.PersonalKey)
           from key in person.Keys
           select (Convert.FromHexString(key), identity),
    ];

    /// <summary>Whether there is nobody.</summary>
    public bool IsEmpty => _keys.Length == 0;

    /// <summary>Whose key it is; null when it is nobody's. Takes as long for a wrong key as for a right one.</summary>
    public CallerIdentity? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length > PersonalKeys.MaximumLength)
        {
            return null;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        CallerIdentity? found = null;
        foreach (var (known, person) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(known, hash) ? person : found;
        }

        return found;
    }
}
