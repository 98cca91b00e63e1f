using System.Globalization;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>Microsoft.Storage/storageAccounts: their settings, keys, geo-replication and failover.</summary>
internal sealed class StorageAccountsProvider : IResourceProvider
{
    private static readonly string[] Versions =
    [
        "2026-04-01", "2025-08-01", "2025-06-01", "2025-01-01", "2024-01-01", "2023-05-01", "2023-04-01", "2023-01-01", "2022-09-01", "2022-05-01", "2021-09-01",
        "2021-08-01", "2021-06-01", "2021-04-01", "2021-02-01", "2021-01-01", "2020-08-01-preview", "2019-06-01",
    ];

    private readonly ArmServices _services;
    private readonly AccountStore _accounts = new();
    private readonly AccountWriter _writer;
    private readonly AccountsApi _api;
    private readonly AccountFailover _failover;
    private readonly BlobServiceApi _blobs;

    public StorageAccountsProvider(ArmServices services)
    {
        _services = services;
        var replication = new GeoReplication(services.Outages, services.Time);
        _writer = new AccountWriter(services.Outages, replication);
        _api = new AccountsApi(services, _accounts, _writer);
        _failover = new AccountFailover(services, _accounts, replication);
        _blobs = new BlobServiceApi(services);
    }

    public string Namespace => "Microsoft.Storage";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["storageAccounts"] = Versions,
        ["storageAccounts/blobServices"] = Versions,
        ["storageAccounts/blobServices/containers"] = Versions,
        ["storageAccounts/blobServices/containers/immutabilityPolicies"] = Versions,
        ["checkNameAvailability"] = Versions,
        ["locations"] = Versions,
    };

    public IEnumerable<TrackedResource> Resources => _accounts.All.Select(account =>
        new TrackedResource(account.ResourceGroup, StorageAccount.Type, account.Name, account.Location)
        {
            Kind = account.Kind,
            Sku = new JsonObject { ["name"] = account.Sku, ["tier"] = StorageSku.TierOf(account.Sku) },
            Tags = account.Tags,
            State = StateOf(account),
        });

    public ArmResponse Handle(ArmRequest request)
    {
        var (rest, group) = (request.Rest, request.Scope.ResourceGroup);
        if (!ArmRouter.Is(rest[0], "storageAccounts"))
        {
            return ArmRouter.Is(rest[0], "checkNameAvailability") && rest.Count == 1 ? _api.CheckName(request) : throw Nothing(request);
        }

        if (rest.Count == 1)
        {
            var listed = _accounts.All.Where(account => group is null || ArmRouter.Is(account.ResourceGroup, group));
            return request.Method == "GET"
                ? _services.Pages.Page(request, listed, account => account.Name, account => _writer.Write(account))
                : throw request.MethodNotAllowed();
        }

        return group is null
            ? throw new ArmRejection(404, "InvalidResourcePath", "A storage account lies in a resource group; the path names none.")
            : rest.Count switch
            {
                2 => HandleAccount(request, group, rest[1]),
                >= 4 when ArmRouter.Is(rest[2], "blobServices") => _blobs.Handle(request, _accounts.Require(group, rest[1])),
                3 when request.Method == "POST" => Act(request, _accounts.Require(group, rest[1]), rest[2]),
                _ => throw Nothing(request),
            };
    }

    public void RemoveGroup(string resourceGroup)
    {
        foreach (var account in _accounts.All.Where(account => ArmRouter.Is(account.ResourceGroup, resourceGroup)).ToList())
        {
            _accounts.Remove(account.Name);
            _blobs.Remove(account);
        }
    }

    public void Reset()
    {
        _accounts.Clear();
        _blobs.Reset();
        foreach (var account in ScenarioAccounts.Read(_services, _api))
        {
            _accounts.Put(account);
        }
    }

    private ArmResponse HandleAccount(ArmRequest request, string group, string name)
    {
        switch (request.Method)
        {
            case "GET" or "HEAD":
                return ArmResponse.Ok(_writer.Write(_accounts.Require(group, name), Expands(request)));
            case "PUT":
                return _api.Put(request, request.Scope.ResourceId(group, StorageAccount.Type, name), group, name);
            case "PATCH":
                return _api.Update(request, _accounts.Require(group, name));
            case "DELETE":
                if (_accounts.Find(group, name) is not { } account)
                {
                    return new ArmResponse(204);
                }

                var deleted = _api.Delete(account);
                _blobs.Remove(account);
                return deleted;
            default:
                throw request.MethodNotAllowed();
        }
    }

    private ArmResponse Act(ArmRequest request, StorageAccount account, string action) => action.ToUpperInvariant() switch
    {
        "FAILOVER" => _failover.Begin(request, account),
        "LISTKEYS" => ArmResponse.Ok(AccountWriter.WriteKeys(account)),
        "REGENERATEKEY" => _api.RegenerateKey(request, account),
        _ => throw Nothing(request),
    };

    private static bool Expands(ArmRequest request)
    {
        if (!request.Query.TryGetValue("$expand", out var expand))
        {
            return false;
        }

        var wanted = expand.Split(',', StringSplitOptions.TrimEntries);
        return wanted.All(each => ArmRouter.Is(each, "geoReplicationStats") || ArmRouter.Is(each, "blobRestoreStatus"))
            ? wanted.Any(each => ArmRouter.Is(each, "geoReplicationStats"))
            : throw StorageErrors.InvalidQuery("$expand", expand, "geoReplicationStats or blobRestoreStatus");
    }

    private static string StateOf(StorageAccount account)
    {
        var state = $"{account.Sku} in {account.PrimaryLocation}" + (account.SecondaryLocation is { } secondary ? ", copied to " + secondary : "") + (account.FailoverInProgress ? ", failing over" : "");
        return account.DataLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $"{state}, failed over with the loss of {loss.TotalSeconds:0.###} s") : state;
    }

    private static ArmRejection Nothing(ArmRequest request) =>
        new(404, "InvalidResourcePath", $"The simulator's storage accounts have nothing at '{string.Join('/', request.Rest)}' for {request.Method}.");
}
