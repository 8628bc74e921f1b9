public import ZCNetWebSocket

/// Bytes in, trades out: what a ``TradeServer`` runs over every frame, for use without one.
///
/// ```swift
/// let processor = TradeMessageProcessor()
/// var volume: UInt64 = 0
/// try processor.process(bytes.span) { trades in
///     for index in trades.indices { volume += UInt64(trades[index].quantity) }
/// }
/// ```
/// A frame is one message or many, back to back. It is taken whole or not at all: every message is checked
/// before the first is delivered.
///
/// **Ownership.** The bytes are read in place and lent to the closure.
///
/// **Complexity.** O(messages): one comparison of the header for each, and the fields that are asked for.
///
/// **Threads.** Any; the processor is a value without state.
@frozen
public struct TradeMessageProcessor: Sendable {
    /// The versions of the schema that are taken.
    public let versions: ClosedRange<Int>

    /// Takes messages of the versions that the options name.
    @inlinable
    public init(_ options: GatewayOptions = GatewayOptions()) { versions = options.versions }

    /// Checks a frame, and delivers its trades: in one batch, or in several where headers differ.
    ///
    /// - Returns: how many trades there were.
    /// - Throws: ``GatewayError`` when the frame is empty or no whole number of messages, or has one of
    ///   another template, schema or version. Nothing was delivered then.
    @discardableResult
    @inlinable @inline(__always)
    public func process(
        _ frame: RawSpan, _ deliver: (borrowing TradeBatch) -> Void
    ) throws(GatewayError) -> Int {
        let first = try TradeBatch(frame, at: 0, versions: versions)
        if first.encodedBytes.byteCount != frame.byteCount { return try processMixed(frame, deliver) }
        deliver(first)
        return first.count
    }

    /// Checks a frame, and delivers its trades; as ``process(_:_:)-(RawSpan,_)`` of raw bytes.
    ///
    /// - Returns: how many trades there were.
    /// - Throws: ``GatewayError``.
    @discardableResult
    @inlinable @inline(__always)
    public func process(
        _ frame: Span<UInt8>, _ deliver: (borrowing TradeBatch) -> Void
    ) throws(GatewayError) -> Int {
        try process(frame.rawBytes, deliver)
    }

    /// As `process`, of a frame whose headers differ.
    @inline(never)
    @usableFromInline
    func processMixed(
        _ frame: RawSpan, _ deliver: (borrowing TradeBatch) -> Void
    ) throws(GatewayError) -> Int {
        var count = 0
        // All is checked first, so that a fault at the end finds nothing delivered.
        try walk(frame) { count += $0.count }
        try walk(frame, deliver)
        return count
    }

    private func walk(_ frame: RawSpan, _ body: (borrowing TradeBatch) -> Void) throws(GatewayError) {
        var position = 0
        repeat {
            let batch = try TradeBatch(frame, at: position, versions: versions)
            body(batch)
            position += batch.encodedBytes.byteCount
        } while position < frame.byteCount
    }

    /// Checks a frame, and delivers its trades to a handler, as a server does.
    ///
    /// For WebSocket handlers that serve trades among other things.
    ///
    /// - Returns: how many trades there were.
    /// - Throws: as ``process(_:_:)-(RawSpan,_)``. The handler's `onError` is not called; that is up to the
    ///   caller.
    @discardableResult
    @inlinable @inline(__always)
    public func process<Handler: TradeMessageHandler & ~Copyable>(
        _ frame: RawSpan, to handler: inout Handler, from peer: inout WebSocketConnection<Handler.State>
    ) throws(GatewayError) -> Int {
        let first = try TradeBatch(frame, at: 0, versions: versions)
        if first.encodedBytes.byteCount == frame.byteCount {
            handler.onTrades(first, from: &peer)
            return first.count
        }
        var position = 0
        let count = try processMixed(frame) { _ in }
        while position < frame.byteCount {
            let batch = try TradeBatch(frame, at: position, versions: versions)
            handler.onTrades(batch, from: &peer)
            if peer.conversation.isEnding { break }
            position &+= batch.encodedBytes.byteCount
        }
        return count
    }
}
