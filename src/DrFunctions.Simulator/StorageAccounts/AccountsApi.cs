using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>Creates, changes and deletes accounts and their keys.</summary>
internal sealed partial class AccountsApi(ArmServices services, AccountStore accounts, AccountWriter writer)
{
    private static readonly TimeSpan Seeding = TimeSpan.FromMinutes(5);

    public static bool IsName(string name) => NameForm().IsMatch(name);

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Put(ArmRequest request, string id, string group, string name)
    {
        if (!IsName(name))
        {
            throw StorageErrors.InvalidName(name);
        }

        services.Operations.RequireIdle(OperationShapes.Storage, id);
        if (accounts.GroupOf(name) is { } other && !ArmRouter.Is(other, group))
        {
            throw StorageErrors.InOtherGroup(name);
        }

        var body = request.RequireBody();
        if (accounts.Find(group, name) is { } existing)
        {
            return Update(request, existing);
        }

        var location = services.Locations.Require(body, StorageAccount.Type);
        services.Outages.RequireLit(location);
        var root = AccountReader.Open(body);
        var sku = StorageSku.Require(root.Object("sku").Text("name") ?? throw StorageErrors.Invalid("The required member 'sku.name' is missing."));
        if (!root.Has("kind"))
        {
            throw StorageErrors.Invalid("The required member 'kind' is missing.");
        }

        var now = services.Time.GetUtcNow();
        var account = AccountReader.Apply(
            WithSku(new StorageAccount
            {
                Id = id,
                Name = name,
                ResourceGroup = group,
                Location = location,
                PrimaryLocation = location,
                Sku = sku,
                Settings = AccountReader.DefaultSettings,
                Created = now,
                Keys = [NewKey(name, "key1", now), NewKey(name, "key2", now)],
            }),
            body,
            isNew: true,
            now);
        var operation = services.Operations.Begin(request, new OperationPlan
        {
            Shape = OperationShapes.Storage,
            Name = "CreateStorageAccount",
            Resource = id,
            Location = location,
            Complete = () =>
            {
                accounts.Release(name);
                services.Groups.Find(group);
                services.Outages.RequireLit(location);
                accounts.Put(account);
                return ArmResponse.Ok(writer.Write(account));
            },
            Abandon = () => accounts.Release(name),
        });
        accounts.Reserve(name, group);
        return operation.Accepted();
    }

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Update(ArmRequest request, StorageAccount account)
    {
        services.Operations.RequireIdle(OperationShapes.Storage, account.Id);
        services.Outages.RequireLit(account.Location);
        var body = request.RequireBody();
        var root = AccountReader.Open(body);
        if (root.Text("location") is { } location && !ArmLocations.Same(location, account.Location))
        {
            throw new ArmRejection(
                409,
                "InvalidResourceLocation",
                $"The resource '{account.Name}' already exists in location '{account.Location}' in resource group '{account.ResourceGroup}'. A resource with the same name cannot be created in location '{location}'.");
        }

        var now = services.Time.GetUtcNow();
        var updated = AccountReader.Apply(account, body, isNew: false, now);
        if (root.Object("sku").Text("name") is { } name && StorageSku.Require(name) is var sku && sku != account.Sku)
        {
            if (StorageSku.TierOf(sku) != StorageSku.TierOf(account.Sku))
            {
                throw StorageErrors.Immutable("sku.tier");
            }

            updated = WithSku(updated with { Sku = sku });
            updated = updated.IsGeoRedundant && !account.IsGeoRedundant ? updated with { SeededAt = now + Seeding } : updated;
        }

        accounts.Put(updated);
        return ArmResponse.Ok(writer.Write(updated));
    }

    /// <exception cref="ArmRejection">An operation runs on the account.</exception>
    public ArmResponse Delete(StorageAccount account)
    {
        services.Operations.RequireIdle(OperationShapes.Storage, account.Id);
        services.Outages.RequireLit(account.Location);
        accounts.Remove(account.Name);
        return ArmResponse.Ok();
    }

    /// <exception cref="ArmRejection">The body names no key.</exception>
    public ArmResponse RegenerateKey(ArmRequest request, StorageAccount account)
    {
        services.Outages.RequireLit(account.Location);
        var members = AccountReader.Open(request.RequireBody());
        var name = members.Choice("keyName", "key1", "key2") ?? throw StorageErrors.Invalid("The required member 'keyName' is missing.");
        var renewed = account with
        {
            Keys = [.. account.Keys.Select(key => key.Name == name ? NewKey(account.Name, name, services.Time.GetUtcNow()) : key)],
        };
        accounts.Put(renewed);
        return ArmResponse.Ok(AccountWriter.WriteKeys(renewed));
    }

    public ArmResponse CheckName(ArmRequest request)
    {
        if (request.Method != "POST")
        {
            throw request.MethodNotAllowed();
        }

        var name = AccountReader.Open(request.RequireBody()).Text("name") ?? throw StorageErrors.Invalid("The required member 'name' is missing.");
        return ArmResponse.Ok(!IsName(name) ? Unavailable("AccountNameInvalid", StorageErrors.InvalidNameMessage(name))
            : accounts.IsTaken(name) ? Unavailable("AlreadyExists", $"The storage account named {name} is already taken.")
            : new JsonObject { ["nameAvailable"] = true });

        static JsonObject Unavailable(string reason, string message) => new() { ["nameAvailable"] = false, ["reason"] = reason, ["message"] = message };
    }

    public StorageKey NewKey(string account, string name, DateTimeOffset now)
    {
        var octets = Enumerable.Range(0, 8).SelectMany(_ => BitConverter.GetBytes(services.Random.Next(string.Create(CultureInfo.InvariantCulture, $"storage/{account}/keys"))));
        return new StorageKey(name, Convert.ToBase64String([.. octets]), now);
    }

    /// <summary>The account with the secondary region and zones that its redundancy calls for.</summary>
    public StorageAccount WithSku(StorageAccount account)
    {
        var geo = StorageSku.IsGeoRedundant(account.Sku);
        return account with
        {
            SecondaryLocation = geo ? account.SecondaryLocation ?? PairOf(account) : null,
            ZonalLocation = StorageSku.IsZonal(account.Sku) ? account.PrimaryLocation : null,
        };
    }

    private string PairOf(StorageAccount account)
    {
        if (!ArmRouter.Is(account.Location, account.PrimaryLocation))
        {
            return account.Location;
        }

        var names = services.Locations.Names.ToList();
        return names.Count > 1
            ? names[(names.FindIndex(name => ArmRouter.Is(name, account.Location)) + 1) % names.Count]
            : throw StorageErrors.Invalid("The scenario has one region only, so that no account can be copied to another.");
    }

    [GeneratedRegex("^[a-z0-9]{3,24}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
