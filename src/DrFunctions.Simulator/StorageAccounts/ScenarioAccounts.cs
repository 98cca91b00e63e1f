using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>The accounts of the scenario, which have been there for a month.</summary>
internal static class ScenarioAccounts
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    public static IEnumerable<StorageAccount> Read(ArmServices services, AccountsApi api)
    {
        var created = services.Time.GetUtcNow() - Age;
        return services.Scenario.StorageAccounts.Select(account =>
        {
            var group = services.Groups.Find(account.ResourceGroup).Name;
            return api.WithSku(new StorageAccount
            {
                Id = new ArmScope(services.Scenario.SubscriptionId, null).ResourceId(group, StorageAccount.Type, account.Name),
                Name = account.Name,
                ResourceGroup = group,
                Location = services.Locations.Require(account.Region, StorageAccount.Type),
                PrimaryLocation = services.Locations.Require(account.Region, StorageAccount.Type),
                SecondaryLocation = account.SecondaryRegion is null ? null : services.Locations.Require(account.SecondaryRegion, StorageAccount.Type),
                Sku = StorageSku.Require(account.Sku),
                Settings = AccountReader.DefaultSettings,
                Created = created,
                Keys = [api.NewKey(account.Name, "key1", created), api.NewKey(account.Name, "key2", created)],
                Lag = TimeSpan.FromSeconds(account.ReplicationLagSeconds),
            });
        });
    }

    /// <summary>Adds what is wrong with the accounts of a scenario.</summary>
    public static void Check(List<string> errors, Scenario scenario)
    {
        var regions = string.Join(", ", scenario.Regions.Select(region => region.Name));
        for (var i = 0; i < scenario.StorageAccounts.Count; i++)
        {
            var (account, at) = (scenario.StorageAccounts[i], $"storageAccounts[{i}]");
            Require(AccountsApi.IsName(account.Name), "name", "3 to 24 lower-case letters and digits", account.Name);
            Require(IsRegion(account.Region), "region", "one of " + regions, account.Region);
            Require(StorageSku.Names.Any(name => ArmRouter.Is(name, account.Sku)), "sku", "one of " + string.Join(", ", StorageSku.Names), account.Sku);
            var geo = StorageSku.IsGeoRedundant(account.Sku);
            Require(!geo || account.SecondaryRegion is not null || scenario.Regions.Count > 1, "sku", "a redundancy inside the only region", account.Sku);
            Require(
                account.SecondaryRegion is not { } secondary || (geo && IsRegion(secondary) && !ArmRouter.Is(secondary, account.Region)),
                "secondaryRegion",
                $"another region than '{account.Region}' of {regions}, and a sku that reaches it",
                account.SecondaryRegion);
            Require(account.ReplicationLagSeconds is >= 0 and <= 86400, "replicationLagSeconds", "0 to 86400", account.ReplicationLagSeconds);

            void Require(bool valid, string member, string expected, object? found)
            {
                if (!valid)
                {
                    errors.Add(FormattableString.Invariant($"{at}.{member}: expected {expected} and found '{found}'"));
                }
            }
        }

        bool IsRegion(string name) => scenario.Regions.Any(region => ArmRouter.Is(region.Name, name));
    }
}
