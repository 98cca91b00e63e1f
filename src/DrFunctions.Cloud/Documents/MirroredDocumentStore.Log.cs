using Microsoft.Extensions.Logging;

namespace DrFunctions.Cloud.Documents;

public sealed partial class MirroredDocumentStore
{
    [LoggerMessage(4101, LogLevel.Warning, "The mirror failed at '{Key}'; writes go on and are marked until it is back.")]
    private partial void LogMirrorFailed(string key, Exception exception);

    [LoggerMessage(4102, LogLevel.Information, "The mirror works again.")]
    private partial void LogMirrorBack();

    [LoggerMessage(4103, LogLevel.Warning, "'{Key}' changed {Attempts} times while it was mirrored; left to the next catch-up.")]
    private partial void LogContended(string key, int attempts);

    [LoggerMessage(4104, LogLevel.Warning, "'{Mark}' is settled but was not removed; left to the next catch-up.")]
    private partial void LogMarkStays(string mark, Exception exception);

    [LoggerMessage(4105, LogLevel.Warning, "'{Mark}' is no mark of an unmirrored document.")]
    private partial void LogStrangeMark(string mark);

    [LoggerMessage(4106, LogLevel.Error, "'{Key}' never changes, and control and mirror differ: one of them was changed by hand. Neither is touched.")]
    private partial void LogDiverged(string key);
}
