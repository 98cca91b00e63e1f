namespace DrFunctions.Recovery.Documents;

/// <summary>A document store did not answer, or refused.</summary>
/// <param name="message">What was asked, of which store, and what came back.</param>
/// <param name="isTransient">True when the same call may succeed later.</param>
/// <param name="innerException">The cause.</param>
public sealed class DocumentStoreException(string message, bool isTransient, Exception? innerException = null)
    : RecoveryException("DocumentStoreUnavailable", message, isTransient, "Check the control storage account and its network.", innerException);
