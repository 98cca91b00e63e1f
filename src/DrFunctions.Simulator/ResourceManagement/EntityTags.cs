namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>The conditions of If-Match and If-None-Match, for the resource types that have entity tags.</summary>
internal static class EntityTags
{
    /// <summary>Checks the conditions of a write.</summary>
    /// <param name="request">The request.</param>
    /// <param name="current">The resource's entity tag, quoted or not; null when there is no resource.</param>
    /// <exception cref="ArmRejection">412: a condition does not hold.</exception>
    public static void Check(ArmRequest request, string? current)
    {
        if (request.IfNoneMatch is { } none && current is not null && Matches(none, current))
        {
            throw Failed($"If-None-Match is '{none}' and the resource exists with the entity tag {current}");
        }

        // A PATCH of nothing is answered 404 and a DELETE of nothing 204, whatever their conditions.
        if (request.IfMatch is { } match && (current is null ? request.Method is not ("PATCH" or "DELETE") : !Matches(match, current)))
        {
            throw Failed(current is null
                ? $"If-Match is '{match}' and there is no such resource"
                : $"If-Match is '{match}' and the resource has the entity tag {current}");
        }
    }

    private static bool Matches(string condition, string current) =>
        condition.Split(',', StringSplitOptions.TrimEntries).Any(each => each == "*" || each.Trim('"') == current.Trim('"'));

    private static ArmRejection Failed(string why) =>
        ArmRejection.FromService(412, "PreconditionFailed", $"The condition specified using HTTP conditional header(s) is not met: {why}.");
}
