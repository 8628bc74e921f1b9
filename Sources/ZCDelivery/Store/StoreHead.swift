/// What decides whether a batch may be appended, and where: the end of a log, its term and its producers.
/// The same for every store; pure, without bytes.
package struct StoreHead {
    /// The first number that can be read.
    package internal(set) var first: MessageSequence
    /// The next number to be given.
    package private(set) var next: MessageSequence
    /// The highest term seen.
    package private(set) var term: UInt64
    private var producers: ProducerTable

    /// What takes one recorded batch back.
    struct Undo {
        fileprivate let next: MessageSequence
        fileprivate let term: UInt64
        fileprivate let producer: (id: UInt64, last: ProducerTable.Last?)?
    }

    /// What is to be done with a batch.
    package enum Ruling: Equatable {
        /// It was stored before, with these numbers.
        case repeated(Range<MessageSequence>)
        /// It is to be stored with these numbers.
        case append(Range<MessageSequence>)
    }

    init(first: MessageSequence = .first, term: UInt64 = 0, producersMax: Int) {
        self.first = first
        next = first
        self.term = term
        producers = ProducerTable(producersMax: producersMax)
    }

    package var extent: StoreExtent { StoreExtent(range: first..<next, term: term) }

    /// Rules on a batch; changes nothing.
    func rule(_ batch: MessageBatch) throws(MessageStoreError) -> Ruling {
        guard !batch.messages.isEmpty else {
            throw MessageStoreError(.invalidBatch, expected: "at least one message", got: "none")
        }
        guard batch.term >= term else {
            throw MessageStoreError(.staleTerm, expected: "at least \(term)", got: "\(batch.term)")
        }
        if let identity = batch.identity {
            guard identity.number > 0 else {
                throw MessageStoreError(.invalidBatch, expected: "a number of at least 1", got: "0")
            }
            if let last = producers[identity.producer] {
                if last.number == identity.number { return .repeated(last.range) }
                guard last.number < identity.number else {
                    throw MessageStoreError(
                        .staleBatch, expected: "\(last.number) or later", got: "\(identity.number)")
                }
            }
        }
        if let position = batch.position, position != next {
            throw MessageStoreError(.wrongPosition, expected: "\(next)", got: "\(position)")
        }
        guard UInt64(batch.messages.count) < UInt64.max - next.rawValue else {
            throw MessageStoreError(.full, expected: "numbers left", got: "\(next)")
        }
        return .append(next..<next + batch.messages.count)
    }

    /// Notes that a batch was appended.
    @discardableResult
    mutating func record(
        _ range: Range<MessageSequence>, term newTerm: UInt64, _ identity: BatchIdentity?
    ) -> Undo {
        let previous = identity.map { ($0.producer, producers.record($0, range)) }
        let undo = Undo(next: next, term: term, producer: previous)
        next = range.upperBound
        term = newTerm
        return undo
    }

    /// Ends the time in which recorded batches may be taken back.
    mutating func settle() { producers.forgetSilent() }

    /// Takes the batch recorded last back.
    mutating func takeBack(_ undo: Undo) {
        next = undo.next
        term = undo.term
        if let producer = undo.producer { producers.restore(producer.id, to: producer.last) }
    }

    /// Checks a number that is to be read or truncated from.
    func check(_ sequence: MessageSequence) throws(MessageStoreError) {
        guard sequence >= first, sequence <= next else {
            throw MessageStoreError(.notFound, expected: "\(first)...\(next)", got: "\(sequence)")
        }
    }
}

/// What a store holds at a moment.
public struct StoreExtent: Hashable, Sendable {
    /// The sequence numbers that can be read.
    public var range: Range<MessageSequence>
    /// The highest term seen.
    public var term: UInt64

    /// The number that the next message gets.
    public var next: MessageSequence { range.upperBound }

    /// Makes an extent of messages that were written in one term.
    public init(range: Range<MessageSequence>, term: UInt64) {
        self.range = range
        self.term = term
    }
}
