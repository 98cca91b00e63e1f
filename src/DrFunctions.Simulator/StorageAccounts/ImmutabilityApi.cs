using System.Globalization;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>The immutability policy of a container; the one type here that has entity tags, which delete, lock and extend demand.</summary>
internal sealed class ImmutabilityApi(ArmServices services)
{
    private const int MaxDays = 146000;

    /// <summary>The container as it is then, and the answer.</summary>
    /// <exception cref="ArmRejection">The request is refused.</exception>
    public (BlobContainer Container, ArmResponse Answer) Handle(ArmRequest request, string id, BlobContainer container, string[] path)
    {
        if (path.Length is < 2 or > 3 || !ArmRouter.Is(path[1], "default"))
        {
            throw new ArmRejection(404, "InvalidResourcePath", "A container has one immutability policy, named 'default'.");
        }

        var policy = container.Policy;
        var changed = (request.Method, path.Length == 3 ? path[2].ToUpperInvariant() : "") switch
        {
            ("GET", "") => policy ?? NewPolicy(0) with { ETag = "" },
            ("PUT", "") => Put(request, policy),
            ("DELETE", "") => Delete(request, policy),
            ("POST", "LOCK") => Lock(request, policy),
            ("POST", "EXTEND") => Extend(request, policy),
            _ => throw request.MethodNotAllowed(),
        };
        var answer = ArmResponse.Ok(new JsonObject
        {
            ["id"] = id,
            ["name"] = "default",
            ["type"] = ImmutabilityPolicy.Type,
            ["etag"] = changed.ETag,
            ["properties"] = Properties(changed),
        });
        answer = changed.ETag.Length > 0 ? answer.With("ETag", changed.ETag) : answer;
        return (request.Method == "GET" ? container : container with { Policy = changed.Days == 0 ? null : changed }, answer);
    }

    public static JsonObject Properties(ImmutabilityPolicy policy)
    {
        var properties = new JsonObject
        {
            ["immutabilityPeriodSinceCreationInDays"] = policy.Days,
            ["state"] = policy.Locked ? "Locked" : "Unlocked",
        };
        if (policy.AllowsAppends is { } allows)
        {
            properties["allowProtectedAppendWrites"] = allows;
        }

        return properties;
    }

    private ImmutabilityPolicy Put(ArmRequest request, ImmutabilityPolicy? policy)
    {
        EntityTags.Check(request, policy?.ETag);
        if (policy is { Locked: true })
        {
            throw IsLocked();
        }

        var properties = AccountReader.Open(request.RequireBody()).Object("properties");
        var appends = properties.Flag("allowProtectedAppendWrites");
        return NewPolicy(DaysOf(properties)) with { AllowsAppends = appends };
    }

    private ImmutabilityPolicy Delete(ArmRequest request, ImmutabilityPolicy? policy) => Existing(request, policy).Locked
        ? throw IsLocked()
        : NewPolicy(0);

    private ImmutabilityPolicy Lock(ArmRequest request, ImmutabilityPolicy? policy)
    {
        var existing = Existing(request, policy);
        return existing with { Locked = true, ETag = NewPolicy(0).ETag };
    }

    private ImmutabilityPolicy Extend(ArmRequest request, ImmutabilityPolicy? policy)
    {
        var existing = Existing(request, policy);
        var properties = AccountReader.Open(request.RequireBody()).Object("properties");
        var days = DaysOf(properties);
        return !existing.Locked ? throw ArmRejection.FromService(409, "ImmutabilityPolicyNotLocked", "Only a locked immutability policy is extended; put an unlocked one.")
            : days < existing.Days ? throw properties.Wrong("immutabilityPeriodSinceCreationInDays", $"{existing.Days} or more")
            : existing with { Days = days, ETag = NewPolicy(0).ETag };
    }

    /// <summary>The policy, when the request names its entity tag.</summary>
    private static ImmutabilityPolicy Existing(ArmRequest request, ImmutabilityPolicy? policy)
    {
        if (request.IfMatch is null)
        {
            throw ArmRejection.FromService(400, "MissingRequiredHeader", "The header 'If-Match' is required: expected the entity tag of the policy.");
        }

        if (policy is null)
        {
            throw ArmRejection.FromService(404, "ImmutabilityPolicyNotFound", "The container has no immutability policy.");
        }

        EntityTags.Check(request, policy.ETag);
        return policy;
    }

    private ImmutabilityPolicy NewPolicy(int days) =>
        new(days, string.Create(CultureInfo.InvariantCulture, $"\"8d{services.Random.Next("storage/etags") >> 12:x13}\""));

    private static int DaysOf(JsonMembers properties) => properties.Number("immutabilityPeriodSinceCreationInDays", 1, MaxDays)
        ?? throw StorageErrors.Invalid("The required member 'properties.immutabilityPeriodSinceCreationInDays' is missing.");

    private static ArmRejection IsLocked() =>
        ArmRejection.FromService(409, "ImmutabilityPolicyLocked", "The immutability policy is locked; it can only be extended.");
}
