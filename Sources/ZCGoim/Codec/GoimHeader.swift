/// What stands in front of a proto's body, but for the two lengths, which follow from body and format.
@frozen
public struct GoimHeader: Hashable, Sendable {
    /// What the proto is for.
    public var operation: GoimOperation
    /// Chosen by whoever asks; an answer has the same.
    public var sequence: Int32
    /// The protocol's version. Nobody checks it, clients use 1, and an answer has the same.
    public var version: Int16
    /// Only in the extended header; 0 otherwise.
    public var roomID: Int64
    /// Only in the extended header; 0 otherwise.
    public var userID: Int64

    /// A header.
    @inlinable @inline(__always)
    public init(
        _ operation: GoimOperation, sequence: Int32 = 0, version: Int16 = 1, roomID: Int64 = 0,
        userID: Int64 = 0
    ) {
        self.operation = operation
        self.sequence = sequence
        self.version = version
        self.roomID = roomID
        self.userID = userID
    }

    /// The same header with another operation: what answers begin with.
    @inlinable
    public func answering(with operation: GoimOperation) -> GoimHeader {
        var answer = self
        answer.operation = operation
        return answer
    }
}
