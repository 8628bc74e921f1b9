/// What became of a message that was to be watched for its acknowledgement.
@frozen
public enum RetryAddition: Hashable, Sendable {
    /// Watched from now on.
    case added
    /// It was watched already for this connection; its waits begin anew, with the new bytes.
    case restarted
    /// Refused: too many messages or bytes are outstanding.
    case full
    /// Refused: the loop that would watch it has ended.
    case stopped
}
