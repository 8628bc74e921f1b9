/// What makes a batch recognisable when it is appended again, because its producer does not know whether it
/// was stored.
///
/// A store remembers the last batch of each producer. The same number again is answered with the sequence
/// numbers that the batch got then, and stores nothing.
public struct BatchIdentity: Hashable, Sendable {
    /// Who produces: any number, best a random one for each start of a process.
    public var producer: UInt64
    /// The producer's count of its batches, from 1 on, growing; gaps do no harm.
    public var number: UInt64

    /// A batch of a producer.
    public init(producer: UInt64, number: UInt64) {
        self.producer = producer
        self.number = number
    }
}
