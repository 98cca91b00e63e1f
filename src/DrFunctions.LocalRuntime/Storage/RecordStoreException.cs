namespace DrFunctions.LocalRuntime.Storage;

/// <summary>The storage of the host did not answer, or refused; trying later may help.</summary>
internal sealed class RecordStoreException(string message, Exception innerException) : Exception(message, innerException);
