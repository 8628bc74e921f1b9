/// What `WebSocketSession.next` found: a kind and, for most, bytes that lie in what was received or in what
/// the session gathered.
///
/// SAFETY: `@safe` because whoever reads the bytes does so before the memory that `next` was given changes.
@safe @frozen
@usableFromInline
package struct FrameStep {
    @usableFromInline
    package let kind: Kind
    /// For a gathered message or fragment: text, or binary.
    @usableFromInline
    package var isText = false
    @usableFromInline
    package var isFirst = false
    @usableFromInline
    package var isFinal = false
    /// The bytes are the session's own and must be released when they were delivered.
    @usableFromInline
    package var isGathered = false
    @usableFromInline
    package let start: UnsafeMutableRawPointer?
    @usableFromInline
    package let count: Int

    /// What came.
    @frozen
    @usableFromInline
    package enum Kind: UInt8 {
        /// No whole frame is left.
        case incomplete
        case text
        case binary
        case fragment
        case ping
        case pong
        case close
        /// A rule was broken; the session's `extra` says which.
        case failed
    }

    @inlinable @inline(__always)
    init(_ kind: Kind, _ bytes: UnsafeMutableRawBufferPointer) {
        self.kind = kind
        unsafe start = bytes.baseAddress
        count = bytes.count
    }

    /// Whether a rate of messages counts it: messages and control frames, once each.
    var countsAsMessage: Bool {
        switch kind {
        case .text, .binary, .ping, .pong: true
        case .fragment: isFinal
        case .incomplete, .close, .failed: false
        }
    }

    private init(_ kind: Kind) {
        self.kind = kind
        unsafe start = nil
        count = 0
    }

    static var incomplete: FrameStep { FrameStep(.incomplete) }
    static var failed: FrameStep { FrameStep(.failed) }

    /// The bytes.
    @inlinable
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: they stay until the memory that `next` was given changes, see above.
            let view = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: count))
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// Where the bytes lie in what was received.
    @inlinable
    package func range(in received: UnsafeMutableRawBufferPointer) -> Range<Int> {
        guard let base = received.baseAddress, let start = unsafe start else { return 0..<0 }
        let offset = unsafe start - base
        return unsafe Range(uncheckedBounds: (offset, offset + count))
    }
}
