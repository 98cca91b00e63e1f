using DrFunctions.Recovery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Http;

/// <summary>The border of the HTTP API: known failures become answers that say what to do; nothing else is caught.</summary>
public sealed partial class ApiErrors(ILogger<ApiErrors> logger)
{
    public async Task<IActionResult> GuardAsync(Func<Task<IActionResult>> handle)
    {
        try
        {
            return await handle();
        }
        catch (ApiBodyException exception)
        {
            return exception.IsTooLarge
                ? ApiResult.Error(StatusCodes.Status413PayloadTooLarge, new ApiError("BodyTooLarge", exception.Message))
                : ApiResult.BadRequest("BodyInvalid", exception.Message);
        }
        catch (RecoveryException exception)
        {
            LogFailed(exception.Code, exception.Message);
            return ApiResult.Failure(exception);
        }
    }

    [LoggerMessage(1001, LogLevel.Warning, "A request failed with {Code}: {Message}")]
    private partial void LogFailed(string code, string message);
}
