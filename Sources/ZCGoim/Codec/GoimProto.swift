public import ZCNet

/// A proto as it was received: its header, and a view of its body.
///
/// ```swift
/// mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
///     total += proto.body.count
///     kept = proto.retain()               // keeps the bytes; keeping `proto` itself does not compile
/// }
/// ```
/// The body lies where the kernel put it. The compiler lets neither the proto nor its body out of the
/// callback, or, at a consumer, out of the closure that it is lent to.
@frozen
public struct GoimProto: ~Copyable, ~Escapable {
    /// What stands in front of the body.
    public let header: GoimHeader
    /// The body. Valid as long as the proto.
    public let body: ReceivedChunk

    /// A proto over a body that lies elsewhere.
    @_lifetime(copy body)
    @inlinable @inline(__always)
    public init(_ header: GoimHeader, body: consuming ReceivedChunk) {
        self.header = header
        self.body = body
    }

    /// What the proto is for.
    @inlinable public var operation: GoimOperation { header.operation }
    /// Whoever asks chose it; the answer has the same.
    @inlinable public var sequence: Int32 { header.sequence }

    /// The body's bytes. Valid as long as the proto.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(copy self)
        get { body.bytes }
    }

    /// The body as text, copied and repaired where it is not UTF-8.
    public var text: String {
        body.bytes.text
    }

    /// Keeps the body beyond the callback, without a copy where it lies in a loop's chunk.
    @inlinable
    public func retain() -> SharedBytes { body.retain() }

    /// Copies the body into memory of its own.
    @inlinable
    public func copy() -> SharedBytes { body.copy() }
}
