using System.Text.RegularExpressions;

namespace DrFunctions.Architecture.Tests.Bicep;

public sealed class BicepTests
{
    // They only work with a loopback endpoint, so Azure never has them.
    private static readonly string[] LocalOnly = ["Dr__ResourceManagerThumbprint", "Dr__ResourceManagerToken"];

    public static TheoryData<string> Files => [.. BicepFile.All.Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Template_IsBalanced(string path) => Assert.Equal("", File(path).Unbalanced());

    [Theory]
    [MemberData(nameof(Files))]
    public void Template_UsesEverythingItDeclares(string path)
    {
        var file = File(path);
        var names = file.Parameters.Keys.Concat(file.Variables).Concat(file.Resources.Where(resource => file.Code.Contains($"resource {resource.Symbol} '{resource.Type}' existing", StringComparison.Ordinal)).Select(resource => resource.Symbol));

        Assert.DoesNotContain(names, name => Regex.Count(file.Code, $@"\b{name}\b") < 2);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Template_NamesStableDatedApiVersions(string path) =>
        Assert.All(File(path).Resources, resource => Assert.Matches(@"^Microsoft\.[A-Za-z]+(/[A-Za-z]+)+@20\d\d-[01]\d-[0-3]\d$", resource.Type));

    [Fact]
    public void Templates_NameOneApiVersionForEachType()
    {
        var versions = BicepFile.All.SelectMany(file => file.Resources).Select(resource => resource.Type.Split('@')).GroupBy(parts => parts[0], parts => parts[1]);

        Assert.All(versions, type => Assert.Single(type.Distinct()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Template_DeclaresASymbolOnce(string path)
    {
        var file = File(path);
        var symbols = file.Parameters.Keys.Concat(file.Variables).Concat(file.Resources.Select(resource => resource.Symbol)).Concat(file.Modules.Select(module => module.Symbol));

        Assert.Empty(symbols.GroupBy(symbol => symbol).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Template_OutputsNoSecret(string path)
    {
        Assert.All(File(path).OutputValues, output => Assert.DoesNotMatch("(?i)key|secret|password|connectionstring|callback|list[A-Z]", $"{output.Name} {output.Value}"));
        Assert.DoesNotMatch(@"(?i)\blistKeys\b|AccountKey=", File(path).Code);
    }

    [Fact]
    public void Modules_Exist() =>
        Assert.All(BicepFile.All.SelectMany(file => file.Modules, (file, module) => Path.Combine(file.Folder, module.File)), path => Assert.True(System.IO.File.Exists(path), path));

    [Fact]
    public void Modules_AreAllUsed() => Assert.Equal(
        BicepFile.All.Where(file => file != BicepFile.Main).Select(file => Path.GetFileName(file.Path)).Order(StringComparer.Ordinal),
        BicepFile.Main.Modules.Select(module => Path.GetFileName(module.File)).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Modules_AreGivenTheirParametersAndNoOther()
    {
        foreach (var (symbol, path, body) in BicepFile.Main.Modules)
        {
            var given = BicepFile.KeysOf(body, "params:").ToList();
            var parameters = Module(path).Parameters;

            Assert.True(given.All(parameters.ContainsKey), $"{symbol} is given {string.Join(", ", given.Where(name => !parameters.ContainsKey(name)))}");
            Assert.Empty(parameters.Where(parameter => parameter.Value && !given.Contains(parameter.Key)).Select(parameter => $"{symbol} lacks {parameter.Key}"));
        }
    }

    [Fact]
    public void Modules_HaveTheOutputsThatAreRead()
    {
        var outputs = BicepFile.Main.Modules.ToDictionary(module => module.Symbol, module => Module(module.File).Outputs.ToList());

        Assert.All(
            Regex.Matches(BicepFile.Main.Code, @"\b(\w+)\.outputs\.(\w+)"),
            use => Assert.Contains(use.Groups[2].Value, outputs[use.Groups[1].Value]));
    }

    [Fact]
    public void Parameters_OfTheExample_AreThoseOfTheTemplate()
    {
        var given = Regex.Matches(Repository.Read("bicep", "main.bicepparam"), @"^param (\w+) =", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToList();

        Assert.Empty(given.Except(BicepFile.Main.Parameters.Keys));
        Assert.Empty(BicepFile.Main.Parameters.Where(parameter => parameter.Value).Select(parameter => parameter.Key).Except(given));
    }

    [Fact]
    public void Settings_ThatAreDocumented_AreSet()
    {
        var set = BicepFile.KeysOf(Module("modules/functionApp.bicep").Code, "var settings =").Select(Setting).ToList();

        Assert.Empty(SettingsTests.Documented().Except(LocalOnly).Append("AzureWebJobsStorage").Except(set));
    }

    [Fact]
    public void Settings_ThatAreSet_AreKnown()
    {
        var set = BicepFile.KeysOf(Module("modules/functionApp.bicep").Code, "var settings =").Select(Setting);

        Assert.Empty(set.Where(name => !name.StartsWith("APPLICATIONINSIGHTS_", StringComparison.Ordinal)).Except(SettingsTests.Sample().Keys));
    }

    [Fact]
    public void Example_HasTheConnectionsOfTheSamplePlan()
    {
        var example = Repository.Read("bicep", "main.bicepparam");

        Assert.All(SettingsTests.Sample().Keys.Where(name => name.EndsWith("_STORAGE", StringComparison.Ordinal)), name => Assert.Contains($"'{name}'", example, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("modules/storage.bicep", "allowBlobPublicAccess: false", "allowSharedKeyAccess: false", "minimumTlsVersion: 'TLS1_2'", "supportsHttpsTrafficOnly: true", "isVersioningEnabled: keepVersions", "deleteRetentionPolicy", "publicAccess: 'None'")]
    [InlineData("modules/functionApp.bicep", "httpsOnly: true", "ftpsState: 'Disabled'", "minTlsVersion: '1.2'", "type: 'SystemAssigned'", "name: 'dotnet-isolated'", "version: '10.0'")]
    [InlineData("modules/traffic.bicep", "trafficRoutingMethod: 'Priority'", "ttl: 30", "intervalInSeconds: 10")]
    [InlineData("modules/keyVault.bicep", "enableRbacAuthorization: true", "enableSoftDelete: true", "softDeleteRetentionInDays: 90", "enablePurgeProtection: true", "kty: 'RSA'", "'wrapKey'", "'unwrapKey'")]
    [InlineData("modules/keyVaultAccess.bicep", "scope: wrapping", "e147488a-f6f5-4113-8e2d-b22465e65bf6")]
    [InlineData("modules/alerts.bicep", "endpointType: 'AzureFunction'", "/functions/Alert'", "deadLetterWithResourceIdentity", "retryPolicy", "disableLocalAuth: true")]
    public void Template_SaysWhatKeepsItSafe(string module, params string[] lines) =>
        Assert.All(lines, line => Assert.Contains(line, Module(module).Code, StringComparison.Ordinal));

    /// <summary>Either app is told of both vaults, and may use both.</summary>
    [Fact]
    public void Vaults_OfBothRegions_OpenTheRepositoriesForEachApp()
    {
        var main = BicepFile.Main;
        var access = main.Modules.Where(module => module.File.EndsWith("keyVaultAccess.bicep", StringComparison.Ordinal)).Select(module => module.Body).ToList();

        Assert.Contains("var repositoryKeys = '${secondaryWrapping},${primaryWrapping}'", main.Code, StringComparison.Ordinal);
        Assert.All(main.Modules.Where(module => module.File.EndsWith("functionApp.bicep", StringComparison.Ordinal)), app => Assert.Contains("repositoryKeys: repositoryKeys", app.Body, StringComparison.Ordinal));
        foreach (var (vault, wrapping) in new[] { ("primaryVault", "primaryWrapping"), ("secondaryVault", "secondaryWrapping") })
        {
            Assert.Contains($"var {wrapping} = '${{{vault}.outputs.url}}keys/${{wrappingName}}'", main.Code, StringComparison.Ordinal);
            foreach (var app in new[] { "app", "standbyApp!" })
            {
                Assert.Single(access, body => body.Contains($"vaultName: {vault}.outputs.name", StringComparison.Ordinal) && body.Contains($"principalId: {app}.outputs.principalId", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Roles_GiveNoneOfTheBroadOnes()
    {
        // Owner, Contributor, User Access Administrator, Storage Account Contributor.
        string[] broad = ["8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "17d1049b-9a84-46fb-8f53-869881c3d3ab"];

        Assert.All(BicepFile.All, file => Assert.DoesNotContain(broad, role => file.Code.Contains(role, StringComparison.OrdinalIgnoreCase)));
        Assert.All(BicepFile.All, file => Assert.DoesNotMatch(@"'Microsoft\.[^']*\*'", file.Code));
    }

    private static BicepFile File(string path) => BicepFile.All.Single(file => file.Path == path);

    private static BicepFile Module(string path) => BicepFile.All.Single(file => file.Path.EndsWith(path, StringComparison.Ordinal));

    // A setting is set as it is, or in parts such as {name}__blobServiceUri.
    private static string Setting(string key) => Regex.Replace(key, "__(blob|queue|table)ServiceUri$", "");
}
