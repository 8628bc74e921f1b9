import ZCNet

/// Finds the end of a body, whatever pieces its bytes come in, and tells content from what only frames it.
///
/// ```swift
/// var body = try BodyReader(head.framing, contentBytesMax: 65_536)
/// let count = try body.skip(bytes)      // the next message begins behind so many, if body.isComplete
/// ```
/// **Memory.** It keeps no byte of the body: content is only pointed at, so that whoever wants it keeps it.
///
/// **Complexity.** O(1) per piece of content, however long; O(n) for what frames chunks.
package struct BodyReader: Sendable {
    /// What a step has found at the front of the bytes.
    package struct Piece: Hashable {
        /// So many bytes belong to the body.
        package let count: Int
        /// Whether they are what the body carries, and not what frames it.
        package let isContent: Bool
    }

    private enum Rest: Sendable {
        case length(Int)
        case chunked(ChunkedBody)
        case untilEnd
        case nothing
    }

    private var rest: Rest

    /// Begins right behind the head.
    ///
    /// - Parameters:
    ///   - contentBytesMax: more content is refused with 413, when it is announced.
    ///   - extraBytesMax: what extensions of chunks and trailers may have together.
    package init(
        _ framing: MessageFraming, contentBytesMax: Int = .max, extraBytesMax: Int = 16 << 10
    ) throws(HTTPError) {
        switch framing {
        case .none: rest = .nothing
        case .untilEnd: rest = .untilEnd
        case .chunked:
            rest = .chunked(ChunkedBody(contentBytesMax: contentBytesMax, extraBytesMax: extraBytesMax))
        case .length(let length):
            if length > contentBytesMax {
                throw HTTPError(
                    413, expected: "a body of at most \(contentBytesMax) bytes", got: "\(length)")
            }
            rest = .length(length)
        }
    }

    /// Whether nothing more belongs to the body.
    package var isComplete: Bool {
        switch rest {
        case .nothing: true
        case .chunked(let body): body.isComplete
        case .length, .untilEnd: false
        }
    }

    /// Whether only the end of the connection can end the body.
    package var lastsUntilEnd: Bool { if case .untilEnd = rest { true } else { false } }

    /// Takes a piece of the body from the front of what comes next; an empty one behind the body's end.
    package mutating func next(_ bytes: RawSpan) throws(HTTPError) -> Piece {
        switch rest {
        case .nothing: return Piece(count: 0, isContent: false)
        case .untilEnd: return Piece(count: bytes.byteCount, isContent: true)
        case .length(let left):
            let count = min(left, bytes.byteCount)
            rest = count == left ? .nothing : .length(left - count)
            return Piece(count: count, isContent: true)
        case .chunked(var body):
            let piece = try body.next(bytes)
            rest = .chunked(body)
            return piece
        }
    }

    /// Takes all that belongs to the body from the front of what comes next.
    ///
    /// - Returns: how many bytes that are: all of them, unless the body is complete.
    package mutating func skip(_ bytes: RawSpan) throws(HTTPError) -> Int {
        var count = 0
        while count < bytes.byteCount && !isComplete {
            count += try next(bytes.extracting(count..<bytes.byteCount)).count
        }
        return count
    }
}
