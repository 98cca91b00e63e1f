using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.KeyVaults;

/// <summary>The keys of one vault and what can be asked of them. Thread safe.</summary>
internal sealed class VaultKeys(ScenarioKeyVault vault, TimeProvider time) : IDisposable
{
    private const int DefaultBits = 2048;
    private static readonly RSAEncryptionPadding Padding = RSAEncryptionPadding.OaepSHA256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, VaultKey> _keys = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _keys.Values.Where(key => !key.Deleted).Select(key => key.Name).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Puts the scenario's keys in the place of all.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            Dispose();
            foreach (var name in vault.Keys)
            {
                Create(name, DefaultBits);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var key in _keys.Values)
            {
                key.Dispose();
            }

            _keys.Clear();
        }
    }

    /// <param name="address">The vault's, for the keys' ids.</param>
    /// <param name="method">GET, POST, PATCH or DELETE.</param>
    /// <param name="path">The segments after <c>keys</c>.</param>
    /// <param name="body">The request's; null for none.</param>
    /// <exception cref="VaultRejection">It is refused.</exception>
    public JsonObject Handle(string address, string method, IReadOnlyList<string> path, JsonObject? body)
    {
        lock (_gate)
        {
            return (method, path) switch
            {
                ("POST", [var name, "create"]) => Show(address, name, CreateAs(name, body)),
                ("GET", [var name]) => Show(address, name, Find(name, null)),
                ("GET", [var name, "versions"]) => List(address, name),
                ("GET", [var name, var version]) => Show(address, name, Find(name, version)),
                ("PATCH", [var name, var version]) => Show(address, name, Enable(Find(name, version), body)),
                ("DELETE", [var name]) => Delete(address, name),
                ("POST", [var name, var version, "wrapkey"]) => Wrap(address, name, Find(name, version), body),
                ("POST", [var name, var version, "unwrapkey"]) => Unwrap(address, name, Find(name, version), body),
                _ => throw new VaultRejection(405, "MethodNotAllowed", $"The simulator's vaults have nothing at 'keys/{string.Join('/', path)}' for {method}."),
            };
        }
    }

    /// <summary>Makes a deleted key what it was.</summary>
    /// <exception cref="VaultRejection">There is none.</exception>
    public JsonObject Recover(string address, string name)
    {
        lock (_gate)
        {
            if (!_keys.TryGetValue(name, out var key) || !key.Deleted)
            {
                throw VaultRejection.KeyNotFound(name);
            }

            key.Deleted = false;
            return Show(address, name, key.Versions[^1]);
        }
    }

    private VaultKeyVersion Create(string name, int bits)
    {
        if (!_keys.TryGetValue(name, out var key))
        {
            key = _keys[name] = new VaultKey(name);
        }

        return key.AddVersion(bits, time.GetUtcNow());
    }

    private VaultKeyVersion CreateAs(string name, JsonObject? body)
    {
        if (!ScenarioVaults.IsKeyName(name) || Text(body, "kty") is not ("RSA" or "RSA-HSM"))
        {
            throw VaultRejection.BadParameter("The simulator's vaults make keys of the type RSA, with names of letters, digits and hyphens.");
        }

        if (_keys.TryGetValue(name, out var existing) && existing.Deleted)
        {
            throw new VaultRejection(
                409, "Conflict", $"Key {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.", "ObjectIsDeletedButRecoverable");
        }

        var bits = body?["key_size"] is JsonValue size && size.TryGetValue<int>(out var asked) ? asked : DefaultBits;
        return bits is 2048 or 3072 or 4096 ? Create(name, bits) : throw VaultRejection.BadParameter($"key_size: expected 2048, 3072 or 4096 and found {bits}.");
    }

    private VaultKeyVersion Find(string name, string? version) =>
        _keys.TryGetValue(name, out var key) && !key.Deleted && (version is null ? key.Versions[^1] : key.Versions.Find(each => each.Id == version)) is { } found
            ? found
            : throw VaultRejection.KeyNotFound(version is null ? name : $"{name}/{version}");

    private static VaultKeyVersion Enable(VaultKeyVersion version, JsonObject? body)
    {
        if (body?["attributes"] is not JsonObject attributes || attributes["enabled"] is not JsonValue value || !value.TryGetValue<bool>(out var enabled))
        {
            throw VaultRejection.BadParameter("The simulator's vaults change attributes.enabled and nothing else.");
        }

        version.Enabled = enabled;
        return version;
    }

    private JsonObject Delete(string address, string name)
    {
        var shown = Show(address, name, Find(name, null));
        _keys[name].Deleted = true;
        shown["recoveryId"] = $"{address}/deletedkeys/{name}";
        return shown;
    }

    private JsonObject List(string address, string name)
    {
        Find(name, null);
        return new JsonObject
        {
            ["value"] = new JsonArray([.. _keys[name].Versions.Select(version => new JsonObject { ["kid"] = Id(address, name, version), ["attributes"] = Attributes(version) })]),
            ["nextLink"] = null,
        };
    }

    // The service wraps with a disabled key, too: it is the public half.
    private static JsonObject Wrap(string address, string name, VaultKeyVersion version, JsonObject? body) =>
        Result(address, name, version, version.Rsa.Encrypt(Value(body), Padding));

    private static JsonObject Unwrap(string address, string name, VaultKeyVersion version, JsonObject? body)
    {
        if (!version.Enabled)
        {
            throw new VaultRejection(403, "Forbidden", "Operation unwrapKey is not allowed on a disabled key.", "KeyDisabled");
        }

        try
        {
            return Result(address, name, version, version.Rsa.Decrypt(Value(body), Padding));
        }
        catch (CryptographicException)
        {
            throw VaultRejection.BadParameter("The parameter is incorrect.");
        }
    }

    private static byte[] Value(JsonObject? body)
    {
        if (Text(body, "alg") is not "RSA-OAEP-256")
        {
            throw VaultRejection.BadParameter("The simulator's vaults know the algorithm RSA-OAEP-256.");
        }

        try
        {
            return Base64Url.DecodeFromChars(Text(body, "value") ?? "");
        }
        catch (FormatException)
        {
            throw VaultRejection.BadParameter("Property value has an invalid base64url value.");
        }
    }

    private static JsonObject Result(string address, string name, VaultKeyVersion version, byte[] value) =>
        new() { ["kid"] = Id(address, name, version), ["value"] = Base64Url.EncodeToString(value) };

    private static JsonObject Show(string address, string name, VaultKeyVersion version)
    {
        var numbers = version.Rsa.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["key"] = new JsonObject
            {
                ["kid"] = Id(address, name, version),
                ["kty"] = "RSA",
                ["key_ops"] = new JsonArray("wrapKey", "unwrapKey"),
                ["n"] = Base64Url.EncodeToString(numbers.Modulus),
                ["e"] = Base64Url.EncodeToString(numbers.Exponent),
            },
            ["attributes"] = Attributes(version),
        };
    }

    private static JsonObject Attributes(VaultKeyVersion version) =>
        new() { ["enabled"] = version.Enabled, ["created"] = version.Created.ToUnixTimeSeconds(), ["recoveryLevel"] = "Recoverable+Purgeable" };

    private static string Id(string address, string name, VaultKeyVersion version) => $"{address}/keys/{name}/{version.Id}";

    private static string? Text(JsonObject? body, string member) => body?[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
