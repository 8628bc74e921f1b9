/// Where a listener is in a channel: what it keeps, and comes back with.
///
/// ```swift
/// let position = feed.position
/// // Later, and perhaps at another node:
/// let feed = node.listen(to: channel, from: .position(position)) { … }
/// ```
/// Numbers alone would not do: a log that has lost its newest messages, or all, gives their numbers to
/// others. So a position says too which record had the listener's last message.
public struct ChannelPosition: Hashable, Sendable {
    /// The number of the message that comes next.
    public let next: MessageSequence
    /// Names the record that has the message before that one, among all that were ever written; 0 where there
    /// is none.
    public let epoch: UInt64

    /// A position as a listener has kept it.
    public init(next: MessageSequence, epoch: UInt64) {
        self.next = next
        self.epoch = epoch
    }

    /// Before the first message of a channel.
    public static let beginning = ChannelPosition(next: .first, epoch: 0)

    /// The number of the message that was had last; nil for none.
    var last: MessageSequence? { next > .first ? MessageSequence(rawValue: next.rawValue - 1) : nil }
}

extension ChannelPosition: LosslessStringConvertible {
    /// The position as one word, such as `43.9f8e7d6c5b4a3921`: the next number in decimal digits, and the
    /// epoch in hexadecimal ones.
    public var description: String { "\(next.rawValue).\(String(epoch, radix: 16))" }

    /// A position from its word; nil for anything else.
    public init?(_ description: String) {
        let words = description.split(separator: ".", omittingEmptySubsequences: false)
        guard words.count == 2, words.allSatisfy({ $0.utf8.first.map { $0 != UInt8(ascii: "+") } ?? false }),
            let next = UInt64(words[0]), next > 0, let epoch = UInt64(words[1], radix: 16)
        else { return nil }
        self.init(next: MessageSequence(rawValue: next), epoch: epoch)
    }
}

/// Messages of a channel behind a position, and where whoever has had them is then.
public struct ChannelHistory: Sendable {
    /// Whole entries, but for the first, which begins where it was asked for.
    public internal(set) var batches: [StoredBatch] = []
    /// The records that have them, each by its name in positions.
    var epochs: [UInt64] = []
    /// Behind the last of them.
    public internal(set) var position: ChannelPosition
    /// Place of the record that ends there; nil within one.
    var place: UInt64?
}

extension ChannelRecord {
    /// The record's name in positions: no two records have the same, as no node writes two of one number.
    var epoch: UInt64 {
        let words = [author.producer, author.number]
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        return max(1, ChannelName.hash(bytes))
    }
}

extension StoredBatch {
    /// What of the batch comes from a number on; all of it where that lies before.
    func following(_ number: MessageSequence) -> StoredBatch {
        guard range.contains(number), number != range.lowerBound else { return self }
        var rest = batch
        rest.messages.removeFirst(Int(number.rawValue - range.lowerBound.rawValue))
        return StoredBatch(first: number, batch: rest)
    }
}
