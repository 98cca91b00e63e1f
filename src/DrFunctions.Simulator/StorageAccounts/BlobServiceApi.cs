using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>The blob service of an account and its containers: settings, legal holds, immutability policies.</summary>
internal sealed partial class BlobServiceApi(ArmServices services)
{
    private readonly Dictionary<string, BlobService> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly ImmutabilityApi _policies = new(services);

    /// <summary>Forgets all services.</summary>
    public void Reset() => _services.Clear();

    /// <summary>Forgets the service of an account that is gone.</summary>
    public void Remove(StorageAccount account) => _services.Remove(account.Name);

    /// <summary>Answers what comes after the account: <c>blobServices/default</c> and below.</summary>
    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Handle(ArmRequest request, StorageAccount account)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            services.Outages.RequireLit(account.Location);
        }

        if (!_services.TryGetValue(account.Name, out var service))
        {
            _services.Add(account.Name, service = new BlobService());
        }

        var path = request.Rest.Skip(2).ToArray();
        return path switch
        {
            [_, var name] when ArmRouter.Is(name, "default") => HandleService(request, account, service),
            [_, _, var containers] when ArmRouter.Is(containers, "containers") => List(request, account, service),
            [_, _, var containers, var name] when ArmRouter.Is(containers, "containers") => HandleContainer(request, account, service, name),
            [_, _, var containers, var name, .. var rest] when ArmRouter.Is(containers, "containers") => HandleChild(request, account, service, Find(account, service, name), rest),
            _ => throw Nothing(request),
        };
    }

    private static ArmResponse HandleService(ArmRequest request, StorageAccount account, BlobService service)
    {
        switch (request.Method)
        {
            case "GET":
                break;
            case "PUT":
                // A PUT replaces: what it leaves out, such as the cors rules, is gone.
                service.Settings = AccountReader.Open(request.RequireBody()).Copy("properties") ?? [];
                break;
            default:
                throw request.MethodNotAllowed();
        }

        return ArmResponse.Ok(new JsonObject
        {
            ["sku"] = new JsonObject { ["name"] = account.Sku, ["tier"] = StorageSku.TierOf(account.Sku) },
            ["id"] = account.Id + "/blobServices/default",
            ["name"] = "default",
            ["type"] = StorageAccount.Type + "/blobServices",
            ["properties"] = service.Settings.DeepClone(),
        });
    }

    private ArmResponse List(ArmRequest request, StorageAccount account, BlobService service) => request.Method == "GET"
        ? services.Pages.Page(request, service.Containers.Values, each => each.Name, each => Write(account, each))
        : throw request.MethodNotAllowed();

    private ArmResponse HandleContainer(ArmRequest request, StorageAccount account, BlobService service, string name)
    {
        var existing = service.Containers.GetValueOrDefault(name);
        switch (request.Method)
        {
            case "GET":
                existing = Find(account, service, name);
                return ArmResponse.Ok(Write(account, existing)).With("ETag", existing.ETag);
            case "PUT" or "PATCH":
                if (existing is null && (request.Method == "PATCH" || !NameForm().IsMatch(name)))
                {
                    throw request.Method == "PATCH" ? NotFound(account, name) : StorageErrors.Invalid(
                        $"The container name '{name}' is invalid: expected 3 to 63 lower-case letters, digits and single inner hyphens.");
                }

                var access = AccountReader.Open(request.Body ?? []).Object("properties").Choice("publicAccess", "None", "Blob", "Container");
                var put = (existing ?? NewContainer(name)) with { PublicAccess = access ?? existing?.PublicAccess ?? "None" };
                service.Containers[name] = put;
                return new ArmResponse(existing is null ? 201 : 200, Write(account, put));
            case "DELETE" when existing is null:
                return new ArmResponse(204);
            case "DELETE":
                if (existing.LegalHolds.Count > 0 || existing.Policy is { Locked: true })
                {
                    throw ArmRejection.FromService(409, "ContainerProtectedFromDeletion", $"The container '{existing.Name}' has a legal hold or a locked immutability policy.");
                }

                service.Containers.Remove(name);
                return ArmResponse.Ok();
            default:
                throw request.MethodNotAllowed();
        }
    }

    private ArmResponse HandleChild(ArmRequest request, StorageAccount account, BlobService service, BlobContainer container, string[] rest)
    {
        if (rest is [var policies, ..] && ArmRouter.Is(policies, "immutabilityPolicies"))
        {
            var (changed, answer) = _policies.Handle(request, $"{IdOf(account, container)}/immutabilityPolicies/default", container, rest);
            service.Containers[container.Name] = changed;
            return answer;
        }

        var sets = rest is [var action] && request.Method == "POST"
            ? action.ToUpperInvariant() switch { "SETLEGALHOLD" => true, "CLEARLEGALHOLD" => false, _ => throw Nothing(request) }
            : throw Nothing(request);
        var tags = AccountReader.Open(request.RequireBody()).Texts("tags") ?? throw StorageErrors.Invalid("The required member 'tags' is missing.");
        var held = container with { LegalHolds = [.. sets ? container.LegalHolds.Union(tags) : container.LegalHolds.Except(tags)] };
        service.Containers[container.Name] = held;
        return ArmResponse.Ok(new JsonObject { ["hasLegalHold"] = held.LegalHolds.Count > 0, ["tags"] = Tags(held) });
    }

    private static BlobContainer Find(StorageAccount account, BlobService service, string name) =>
        service.Containers.GetValueOrDefault(name) ?? throw NotFound(account, name);

    private BlobContainer NewContainer(string name) =>
        new(name, services.Time.GetUtcNow(), string.Create(CultureInfo.InvariantCulture, $"\"0x8{services.Random.Next("storage/etags") >> 8:X14}\""));

    private static JsonObject Write(StorageAccount account, BlobContainer container)
    {
        var properties = new JsonObject
        {
            ["publicAccess"] = container.PublicAccess,
            ["leaseStatus"] = "Unlocked",
            ["leaseState"] = "Available",
            ["lastModifiedTime"] = container.Modified.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["hasImmutabilityPolicy"] = container.Policy is not null,
            ["hasLegalHold"] = container.LegalHolds.Count > 0,
        };
        if (container.LegalHolds.Count > 0)
        {
            properties["legalHold"] = new JsonObject
            {
                ["hasLegalHold"] = true,
                ["tags"] = new JsonArray([.. container.LegalHolds.Select(tag => new JsonObject { ["tag"] = tag })]),
            };
        }

        if (container.Policy is { } policy)
        {
            properties["immutabilityPolicy"] = new JsonObject
            {
                ["etag"] = policy.ETag,
                ["properties"] = ImmutabilityApi.Properties(policy),
            };
        }

        return new JsonObject
        {
            ["id"] = IdOf(account, container),
            ["name"] = container.Name,
            ["type"] = BlobContainer.Type,
            ["etag"] = container.ETag,
            ["properties"] = properties,
        };
    }

    private static JsonArray Tags(BlobContainer container) => new([.. container.LegalHolds.Select(tag => JsonValue.Create(tag))]);

    private static string IdOf(StorageAccount account, BlobContainer container) => $"{account.Id}/blobServices/default/containers/{container.Name}";

    private static ArmRejection NotFound(StorageAccount account, string name) =>
        ArmRejection.FromService(404, "ContainerNotFound", $"The account '{account.Name}' has no container '{name}'.");

    private static ArmRejection Nothing(ArmRequest request) =>
        new(404, "InvalidResourcePath", $"The simulator's blob services have nothing at '{string.Join('/', request.Rest)}' for {request.Method}.");

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
