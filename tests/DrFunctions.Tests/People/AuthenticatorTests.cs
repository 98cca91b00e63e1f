using System.Security.Cryptography;
using System.Text;
using DrFunctions.Recovery;
using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.App.People;

public sealed class AuthenticatorTests
{
    private static readonly string AnnsKey = PersonalKeys.Create(RandomNumberGenerator.Create());
    private static readonly string AnnsNextKey = PersonalKeys.Create(RandomNumberGenerator.Create());
    private static readonly string People = PeopleList.Write(
        [new PersonEntry("ann", ["operator", "approver"], [PersonalKeys.Hash(AnnsKey), PersonalKeys.Hash(AnnsNextKey)])]);

    private static readonly CallerIdentity Ann = new("ann", CallerRole.Operator | CallerRole.Approver, CallerAuthentication.PersonalKey);

    [Fact]
    public void Key_OfAPerson_IsThatPerson()
    {
        Assert.Equal(Ann, Seen([("x-dr-key", AnnsKey)]));
        Assert.Equal(Ann, Seen([("X-DR-Key", AnnsNextKey)]));
        Assert.Equal(Ann, Seen([("Authorization", $"bearer {AnnsKey}")]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("drk_wrong")]
    [InlineData("{key}x")]
    [InlineData("{key},{key}")]
    [InlineData("{hash}")]
    [InlineData("{long}")]
    public void Key_ThatIsNobodys_IsRefusedWithoutBeingShown(string key)
    {
        key = key.Replace("{key}", AnnsKey, StringComparison.Ordinal).Replace("{hash}", PersonalKeys.Hash(AnnsKey), StringComparison.Ordinal)
            .Replace("{long}", new string('x', 8_000), StringComparison.Ordinal);

        // What else would be accepted does not make it good.
        var refusal = Refused([("x-dr-key", key), ("Authorization", $"Bearer {AnnsKey}")], ("Dr__FunctionKeyRole", "operator"));

        Assert.Equal("KeyUnknown", refusal.Code);
        Assert.True(string.IsNullOrWhiteSpace(key) || !refusal.ToString().Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public void Key_SentTwice_IsNobodys()
    {
        var headers = new HeaderDictionary { ["x-dr-key"] = new(["a", AnnsKey]) };

        Assert.Equal("KeyUnknown", new Authenticator(Settings([])).Authenticate(headers, CallerRole.Reader).Refusal?.Code);
    }

    [Fact]
    public void FunctionKeyAlone_IsNobody_UnlessASettingGivesItARole()
    {
        Assert.Equal("CallerUnknown", Refused([]).Code);
        Assert.Equal("CallerUnknown", Refused([("Authorization", "Basic eA==")]).Code);
        Assert.Equal(
            new CallerIdentity("function-key", CallerRole.Reader | CallerRole.AlertSource, CallerAuthentication.FunctionKey),
            Seen([], ("Dr__FunctionKeyRole", "reader, alertSource")));
    }

    [Theory]
    [InlineData(null, CallerRole.AlertSource, true)]
    [InlineData("", CallerRole.Reader, false)]
    [InlineData("none", CallerRole.AlertSource, false)]
    [InlineData("operator", CallerRole.AlertSource, false)]
    public void FunctionKeyAlone_PostsAlertsUnlessASettingSaysOtherwise(string? setting, CallerRole needed, bool expected) => Assert.Equal(
        expected, new Authenticator(Settings([("Dr__FunctionKeyRole", setting)])).Authenticate(new HeaderDictionary(), needed).Caller is not null);

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("True", null, true)]
    [InlineData("true", "false", false)]
    [InlineData("false", "true", true)]
    [InlineData("yes", null, false)]
    public void Principal_CountsOnlyWhereEasyAuthIsOn(string? platform, string? own, bool expected)
    {
        var header = ("X-MS-CLIENT-PRINCIPAL", Principal("aad", ("oid", "0A1B"), ("preferred_username", "Eve@Contoso.com"), ("roles", "Approver"), ("roles", "owner")));
        var settings = new[] { ("WEBSITE_AUTH_ENABLED", platform), ("Dr__EasyAuth", own) };

        if (expected)
        {
            Assert.Equal(
                new CallerIdentity("eve@contoso.com", CallerRole.Approver, CallerAuthentication.EntraId) { ObjectId = "0a1b" },
                Seen([header], settings));
            Assert.Equal("CallerUnknown", Refused([("Authorization", $"Bearer {AnnsKey}")], settings).Code); // Entra's bearer, no key
        }
        else
        {
            Assert.Equal("CallerUnknown", Refused([header], settings).Code);
        }
    }

    [Fact]
    public void Principal_OfAnApplication_IsASystem()
    {
        var application = Seen([("X-MS-CLIENT-PRINCIPAL", Principal("aad", ("oid", "0a1b"), ("roles", "alertSource")))], ("Dr__EasyAuth", "true"));
        var marked = Seen([("X-MS-CLIENT-PRINCIPAL", Principal("aad", ("oid", "0a1b"), ("upn", "x"), ("idtyp", "app")))], ("Dr__EasyAuth", "true"));

        Assert.Equal(("0a1b", CallerRole.AlertSource, CallerAuthentication.EntraApplication), (application.Name, application.Roles, application.Authentication));
        Assert.Equal(CallerAuthentication.EntraApplication, marked.Authentication);
        Assert.False(marked.Authentication.IsPerson());
    }

    [Fact]
    public void Principal_WithTheLongNamesOfClaims_IsRead()
    {
        var seen = Seen(
            [
                ("X-MS-CLIENT-PRINCIPAL", Principal(
                    "aad",
                    ("http://schemas.microsoft.com/identity/claims/objectidentifier", "0a1b"),
                    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "eve smith"),
                    ("my-roles", "reader"),
                    ("http://schemas.microsoft.com/ws/2008/06/identity/claims/role", "operator")))
            ],
            ("Dr__EasyAuth", "true"));

        // A name that cannot stand in a record is replaced by the directory's id.
        Assert.Equal(("0a1b", CallerRole.Reader | CallerRole.Operator, CallerAuthentication.EntraId), (seen.Name, seen.Roles, seen.Authentication));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("bnVsbA==")] // null
    [InlineData("e30=")] // {}
    [InlineData("W10=")] // []
    [InlineData("eyJhdXRoX3R5cCI6ImFhZCIsImNsYWltcyI6W251bGxdfQ==")] // {"auth_typ":"aad","claims":[null]}
    [InlineData("{other}")]
    [InlineData("{nameless}")]
    [InlineData("{long}")]
    public void Principal_ThatIsNone_IsRefused(string header)
    {
        header = header switch
        {
            "{other}" => Principal("github", ("oid", "1"), ("preferred_username", "eve"), ("roles", "operator")),
            "{nameless}" => Principal("aad", ("preferred_username", "eve"), ("roles", "operator")),
            "{long}" => Principal("aad", ("oid", "1"), ("preferred_username", new string('e', 40_000))),
            _ => header,
        };

        Assert.Equal("PrincipalUnreadable", Refused([("X-MS-CLIENT-PRINCIPAL", header)], ("Dr__EasyAuth", "true"), ("Dr__FunctionKeyRole", "operator")).Code);
    }

    [Theory]
    [InlineData("Dr__People", "nobody", "Dr__People: the list of people is not what is expected at $ (line 1)")]
    [InlineData("Dr__People", "[null]", "Dr__People: the list of people has an entry that is null")]
    [InlineData("Dr__People", """[{"name":"Ann","roles":["king"],"keys":["secret-key"]}]""", "keys of 'Ann': not a hash, expected 64")]
    [InlineData("Dr__FunctionKeyRole", "approver", "Dr__FunctionKeyRole: 'approver', expected none, reader, operator or alertSource")]
    [InlineData("Dr__EasyAuth", "on", "Dr__EasyAuth: 'on', expected true or false")]
    [InlineData("Dr__RequestsPerMinute", "0", "Dr__RequestsPerMinute: '0', expected a whole number from 1 to 1000000")]
    [InlineData("Dr__AlertsPerMinute", "many", "Dr__AlertsPerMinute: 'many', expected a whole number from 1 to 1000000")]
    public void Settings_WithAMistake_StopTheStartAndShowNoKey(string name, string value, string expected)
    {
        var failure = Assert.Throws<RecoveryException>(() => Settings([(name, value)]));

        Assert.Equal("InvalidSettings", failure.Code);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key", failure.Message, StringComparison.Ordinal);
    }

    private static CallerIdentity Seen((string Name, string Value)[] headers, params (string Name, string? Value)[] settings)
    {
        var (caller, refusal) = Authenticate(headers, settings);
        Assert.Null(refusal);
        return Assert.IsType<CallerIdentity>(caller);
    }

    private static Refusal Refused((string Name, string Value)[] headers, params (string Name, string? Value)[] settings)
    {
        var (caller, refusal) = Authenticate(headers, settings);
        Assert.Null(caller);
        return Assert.IsType<Refusal>(refusal);
    }

    private static (CallerIdentity? Caller, Refusal? Refusal) Authenticate((string Name, string Value)[] headers, (string Name, string? Value)[] settings)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            dictionary[name] = value;
        }

        return new Authenticator(Settings(settings)).Authenticate(dictionary, CallerRole.Reader);
    }

    private static AccessSettings Settings((string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["Dr:People"] = People };
        foreach (var (name, value) in settings)
        {
            all[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        return AccessSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }

    private static string Principal(string type, params (string Type, string Value)[] claims)
    {
        var all = string.Join(',', claims.Select(claim => $$"""{"typ":"{{claim.Type}}","val":"{{claim.Value}}"}"""));
        return Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"auth_typ":"{{type}}","name_typ":"n","role_typ":"my-roles","claims":[{{all}}]}"""));
    }
}
