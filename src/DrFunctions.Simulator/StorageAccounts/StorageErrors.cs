using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>The service's refusals.</summary>
internal static class StorageErrors
{
    public static ArmRejection Invalid(string message) => ArmRejection.FromService(400, "InvalidValuesForRequestParameters", message);

    public static ArmRejection InvalidQuery(string parameter, string value, string expected) => ArmRejection.FromService(
        400, "InvalidQueryParameterValue", $"The value '{value}' of the query parameter '{parameter}' is invalid: expected {expected}.");

    public static ArmRejection InvalidName(string name) => ArmRejection.FromService(400, "AccountNameInvalid", InvalidNameMessage(name));

    public static string InvalidNameMessage(string name) =>
        $"{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.";

    public static ArmRejection InOtherGroup(string name) => ArmRejection.FromService(
        409, "StorageAccountInAnotherResourceGroup", $"The account {name} is already in another resource group in this subscription.");

    public static ArmRejection Immutable(string property) => ArmRejection.FromService(
        409, "AccountPropertyCannotBeUpdated", $"The property '{property}' was specified in the input, but it cannot be updated.");

    public static ArmRejection FailoverNotPossible(string why) => ArmRejection.FromService(409, "AccountFailoverNotPossible", $"The account cannot be failed over: {why}.");
}
