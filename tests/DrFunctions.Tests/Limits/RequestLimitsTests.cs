using System.Net;
using DrFunctions.App.People;
using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.App.Limits;

public sealed class RequestLimitsTests
{
    private static readonly CallerIdentity Ann = new("ann", CallerRole.Reader, CallerAuthentication.PersonalKey);
    private static readonly CallerIdentity Monitor = new("monitor", CallerRole.AlertSource, CallerAuthentication.PersonalKey);

    [Fact]
    public void Alerts_TenThousandAtOnce_AreAdmittedWithTheUsualSettings_AndTakeNothingFromPeople()
    {
        var limits = new RequestLimits(Usual(), new ElapsedTime());

        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Count(_ => limits.Take(From("10.0.0.1"), Monitor, CallerRole.AlertSource) is null));
        Assert.Null(limits.Take(From("10.0.0.1"), Ann, CallerRole.Reader));
    }

    [Fact]
    public void Strangers_ThatFlood_TakeNothingFromTheKnownAtTheirAddress()
    {
        var limits = new RequestLimits(Usual() with { RequestsPerMinute = 10 }, new ElapsedTime());

        Assert.Equal(10, Enumerable.Range(0, 1_000).Count(_ => limits.Take(From("10.0.0.1"), null, CallerRole.Reader) is null));
        Assert.Null(limits.Take(From("10.0.0.2"), null, CallerRole.Reader));
        Assert.Null(limits.Take(From("10.0.0.1"), Ann, CallerRole.Reader));
    }

    [Fact]
    public void Caller_AtManyAddresses_HasOneBucket_AndAnAddressOneForItsCallers()
    {
        var limits = new RequestLimits(Usual() with { RequestsPerMinute = 10 }, new ElapsedTime());

        Assert.Equal(10, Enumerable.Range(0, 100).Count(each => limits.Take(From($"10.0.1.{each}"), Ann, CallerRole.Reader) is null));
        Assert.Equal(40, Enumerable.Range(0, 100).Count(each => limits.Take(From("10.0.0.1"), Ann with { Name = $"p{each}" }, CallerRole.Reader) is null));
    }

    [Theory]
    [InlineData(false, "203.0.113.7", "203.0.113.8", 1)] // anybody can write the header where no front end does
    [InlineData(true, "203.0.113.7:55", "203.0.113.8:56", 2)]
    [InlineData(true, "1.1.1.1, 203.0.113.7:55", "2.2.2.2, 203.0.113.7:99", 1)]
    [InlineData(true, "[2001:db8::1]:55", "[2001:db8::1]:56", 1)]
    public void Address_IsThePeers_OrWhatTheFrontEndAddedLast(bool behindFrontEnd, string first, string second, int expected)
    {
        var limits = new RequestLimits(Usual() with { RequestsPerMinute = 1, BehindFrontEnd = behindFrontEnd }, new ElapsedTime());

        Assert.Equal(expected, new[] { first, second }.Count(header => limits.Take(From("127.0.0.1", header), null, CallerRole.Reader) is null));
    }

    private static AccessSettings Usual() => AccessSettings.Read(new Microsoft.Extensions.Configuration.ConfigurationManager());

    private static DefaultHttpContext From(string address, string? forwarded = null)
    {
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        if (forwarded is not null)
        {
            http.Request.Headers["X-Forwarded-For"] = forwarded;
        }

        return http;
    }
}
