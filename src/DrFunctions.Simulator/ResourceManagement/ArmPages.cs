using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>Answers lists page by page: an absolute nextLink that carries an opaque $skiptoken, none on the last page.</summary>
internal sealed class ArmPages(int pageSize, string secret)
{
    private const int SealBytes = 12;
    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    /// <summary>One page of the items, ordered by name; items that come or go between two pages move no other item.</summary>
    /// <exception cref="ArmRejection">The $skiptoken is not one of this list, or $top is out of range.</exception>
    public ArmResponse Page<T>(ArmRequest request, IEnumerable<T> items, Func<T, string> nameOf, Func<T, JsonNode> write)
    {
        var after = request.Query.TryGetValue("$skiptoken", out var token) ? Open(token, request.Path) : null;
        var size = Math.Min(pageSize, Top(request));
        var left = items
            .Where(item => after is null || string.Compare(nameOf(item), after, StringComparison.OrdinalIgnoreCase) > 0)
            .OrderBy(nameOf, StringComparer.OrdinalIgnoreCase)
            .Take(size + 1)
            .ToList();
        var body = new JsonObject { ["value"] = new JsonArray([.. left.Take(size).Select(write)]) };
        if (left.Count > size)
        {
            body["nextLink"] = NextLink(request, nameOf(left[size - 1]));
        }

        return ArmResponse.Ok(body);
    }

    private static int Top(ArmRequest request)
    {
        if (!request.Query.TryGetValue("$top", out var top))
        {
            return int.MaxValue;
        }

        return int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000
            ? number
            : throw ArmRejection.BadRequest("InvalidTopParameter", $"The $top query parameter '{top}' is invalid: expected a whole number from 1 to 1000.");
    }

    private string NextLink(ArmRequest request, string last)
    {
        var query = request.Query
            .Where(each => !ArmRouter.Is(each.Key, "$skiptoken"))
            .Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value)}")
            .Append("$skiptoken=" + Close(last, request.Path));
        return $"{request.Authority}{request.Target.Split('?')[0]}?{string.Join('&', query)}";
    }

    private string Close(string last, string path)
    {
        var name = Encoding.UTF8.GetBytes(last);
        return System.Buffers.Text.Base64Url.EncodeToString([.. Seal(name, path), .. name]);
    }

    private string Open(string token, string path)
    {
        try
        {
            var octets = System.Buffers.Text.Base64Url.DecodeFromChars(token);
            if (octets.Length > SealBytes
                && CryptographicOperations.FixedTimeEquals(Seal(octets[SealBytes..], path), octets.AsSpan(0, SealBytes)))
            {
                return Encoding.UTF8.GetString(octets.AsSpan(SealBytes));
            }
        }
        catch (FormatException)
        {
            // Not even Base64: refused like any other foreign token.
        }

        throw ArmRejection.BadRequest("InvalidSkipToken", "The $skiptoken query parameter is invalid: expected the one of a nextLink of this list.");
    }

    private byte[] Seal(byte[] name, string path) =>
        HMACSHA256.HashData(_key, (byte[])[.. Encoding.UTF8.GetBytes(path.ToUpperInvariant()), 0, .. name])[..SealBytes];
}
