public import ZCBytes

extension ByteRing {
    /// The bytes of a ring in place, in one or two pieces. Lent: ends before the ring changes.
    @frozen
    public struct Contents: ~Escapable {
        /// The bytes up to the end of the ring's memory, or all of them.
        public let first: RawSpan
        /// The bytes that lie around the end; empty when there are none.
        public let second: RawSpan

        @_lifetime(copy first, copy second)
        init(first: RawSpan, second: RawSpan) {
            self.first = first
            self.second = second
        }

        /// How many bytes there are in both pieces.
        public var count: Int { first.byteCount + second.byteCount }

        /// The byte at `offset`.
        ///
        /// - Precondition: `0 <= offset < count`.
        public subscript(offset: Int) -> UInt8 {
            precondition(offset >= 0 && offset < count, "ByteRing offset out of bounds")
            // SAFETY: checked above.
            return unsafe offset < first.byteCount
                ? first.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
                : second.unsafeLoad(fromUncheckedByteOffset: offset - first.byteCount, as: UInt8.self)
        }

        /// The integer whose bytes begin at `offset`, wherever the pieces part; nil when it is not all there.
        public func load<Value: FixedWidthInteger & BitwiseCopyable>(
            as type: Value.Type, at offset: Int, _ order: ByteOrder
        ) -> Value? {
            let size = MemoryLayout<Value>.size
            guard offset >= 0, count >= size, offset <= count - size else { return nil }
            if offset + size <= first.byteCount { return first.integer(as: type, at: offset, order) }
            if offset >= first.byteCount {
                return second.integer(as: type, at: offset - first.byteCount, order)
            }
            var value: Value = 0
            for index in 0..<size {
                let place = order == .bigEndian ? size - 1 - index : index
                value |= Value(truncatingIfNeeded: self[offset + index]) << Value(place * 8)
            }
            return value
        }

        /// Copies both pieces into one. O(n) and one allocation.
        public func copy() -> SharedBytes {
            SharedBytes(count: count) { output in
                for piece in 0..<2 {
                    let bytes = piece == 0 ? first : second
                    for offset in 0..<bytes.byteCount {
                        output.append(
                            unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self))
                    }
                }
            }
        }
    }

    /// Shows everything that the ring holds, in place. O(1).
    @_lifetime(borrow self)
    public func peek() -> Contents { peek(count) }

    /// Shows the first `maximum` bytes, or all when there are fewer, in place. O(1).
    ///
    /// - Precondition: `maximum >= 0`.
    @_lifetime(borrow self)
    public func peek(_ maximum: Int) -> Contents {
        precondition(maximum >= 0, "a negative count")
        let length = min(maximum, count)
        let firstCount = min(length, capacity - head)
        // SAFETY: `count` initialised bytes begin at the head and go on at the front; the ring is borrowed
        // for the views' lifetime.
        let contents = unsafe Contents(
            first: RawSpan(
                _unsafeBytes: .init(
                    start: start.map { unsafe UnsafeRawPointer($0 + head) }, count: firstCount)),
            second: RawSpan(
                _unsafeBytes: .init(
                    start: start.map { UnsafeRawPointer($0) }, count: length - firstCount)))
        return unsafe _overrideLifetime(contents, borrowing: self)
    }
}
