namespace DrFunctions.LocalRuntime.Durable.Storage;

/// <summary>The hub's store did not answer, or refused. Whether a write happened is not known.</summary>
internal sealed class HubStoreException(string message, Exception? innerException = null) : Exception(message, innerException);
