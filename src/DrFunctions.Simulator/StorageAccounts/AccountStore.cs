using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>All accounts, by name, which is that of the cloud's DNS; used only while a request is handled or an operation ends.</summary>
internal sealed class AccountStore
{
    private readonly Dictionary<string, StorageAccount> _accounts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of accounts that are still being made, with their resource groups.</summary>
    private readonly Dictionary<string, string> _reserved = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<StorageAccount> All => _accounts.Values;

    public bool IsTaken(string name) => _accounts.ContainsKey(name) || _reserved.ContainsKey(name);

    /// <summary>The resource group that has the name, also of an account still being made; null when none has it.</summary>
    public string? GroupOf(string name) => _accounts.TryGetValue(name, out var account) ? account.ResourceGroup : _reserved.GetValueOrDefault(name);

    public StorageAccount? Find(string group, string name) =>
        _accounts.TryGetValue(name, out var account) && ArmRouter.Is(account.ResourceGroup, group) ? account : null;

    /// <exception cref="ArmRejection">404: there is no such account.</exception>
    public StorageAccount Require(string group, string name) => Find(group, name) ?? throw ArmRejection.NotFound(StorageAccount.Type, name, group);

    public void Put(StorageAccount account) => _accounts[account.Name] = account;

    public void Remove(string name) => _accounts.Remove(name);

    public void Reserve(string name, string group) => _reserved[name] = group;

    public void Release(string name) => _reserved.Remove(name);

    public void Clear()
    {
        _accounts.Clear();
        _reserved.Clear();
    }
}
