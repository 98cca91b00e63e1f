using Azure.Storage.Blobs.Models;

namespace DrFunctions.Cloud.Blobs;

/// <summary>Content headers and metadata between the SDK and the engine.</summary>
internal static class BlobHeaders
{
    private const string Type = "content-type";
    private const string Encoding = "content-encoding";
    private const string Language = "content-language";
    private const string Disposition = "content-disposition";
    private const string Cache = "cache-control";

    public static IReadOnlyDictionary<string, string> Of(
        string? type, string? encoding, string? language, string? disposition, string? cache)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(Type, type);
        Add(Encoding, encoding);
        Add(Language, language);
        Add(Disposition, disposition);
        Add(Cache, cache);
        return headers;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                headers[name] = value;
            }
        }
    }

    public static BlobHttpHeaders ToSdk(IReadOnlyDictionary<string, string> headers) => new()
    {
        ContentType = headers.GetValueOrDefault(Type),
        ContentEncoding = headers.GetValueOrDefault(Encoding),
        ContentLanguage = headers.GetValueOrDefault(Language),
        ContentDisposition = headers.GetValueOrDefault(Disposition),
        CacheControl = headers.GetValueOrDefault(Cache),
    };

    public static Dictionary<string, string> Copy(IEnumerable<KeyValuePair<string, string>>? metadata) =>
        metadata is null ? [] : new Dictionary<string, string>(metadata, StringComparer.Ordinal);
}
