/// What goes wrong in a simulated network, how often, and how large its buffers are.
///
/// ```swift
/// var faults = SimulatedFaults.nasty
/// faults.resets = 0
/// let network = SimulatedNetwork(seed: 7, faults: faults)
/// ```
/// Probabilities are per occasion: a reception, an offer to send, a turn. Everything is drawn from the
/// network's seed.
public struct SimulatedFaults: Hashable, Sendable {
    /// A reception gives fewer bytes than there are, often a single one.
    public var partialReads = 0.0
    /// Bytes come in memory of the driver's, as from io_uring, also those that were under way when the
    /// connection was paused.
    public var lentReceptions = 0.0
    /// An offer to send is taken in part only.
    public var shortWrites = 0.0
    /// An offer to send is not taken at all, though there is room.
    public var refusedWrites = 0.0
    /// Room to send is reported though nobody waits for it.
    public var spuriousRoom = 0.0
    /// A turn is interrupted by a signal before it reports anything.
    public var interrupts = 0.0
    /// A wait ends without a reason.
    public var spuriousWakes = 0.0
    /// What is due for one socket is left for a later turn.
    public var delays = 0.0
    /// Whether the sockets of a turn are served in a random order.
    public var reorders = false
    /// A segment on its way to a peer or from it meets a reset instead.
    public var resets = 0.0
    /// A peer ends its direction though it has more to send.
    public var halfCloses = 0.0
    /// Accepting fails for want of descriptors.
    public var descriptorShortages = 0.0
    /// A connection is gone before it is accepted.
    public var abortedAccepts = 0.0
    /// A connection attempt is refused.
    public var refusedConnects = 0.0
    /// A connection attempt is never answered.
    public var lostConnects = 0.0

    /// The time that a segment travels at least and at most, in nanoseconds.
    public var latencyNanoseconds: ClosedRange<Int64> = 20_000...20_000
    /// The largest segment in bytes.
    public var segmentBytesMax = 64 << 10
    /// The kernel's buffer for bytes that were not sent yet.
    public var sendBufferBytes = 64 << 10
    /// The kernel's buffer for bytes that were not received yet, those on their way included.
    public var receiveBufferBytes = 64 << 10

    /// A network that works: nothing goes wrong.
    public init() {}

    /// A network in which nothing goes wrong.
    public static let none = SimulatedFaults()

    /// Small buffers, and everything goes wrong often, in orders that real kernels seldom show.
    public static let nasty: SimulatedFaults = {
        var faults = SimulatedFaults()
        faults.partialReads = 0.4
        faults.lentReceptions = 0.3
        faults.shortWrites = 0.3
        faults.refusedWrites = 0.15
        faults.spuriousRoom = 0.1
        faults.interrupts = 0.05
        faults.spuriousWakes = 0.05
        faults.delays = 0.15
        faults.reorders = true
        faults.resets = 0.002
        faults.halfCloses = 0.001
        faults.descriptorShortages = 0.1
        faults.abortedAccepts = 0.05
        faults.refusedConnects = 0.05
        faults.lostConnects = 0.02
        faults.latencyNanoseconds = 1_000...5_000_000
        faults.segmentBytesMax = 3000
        faults.sendBufferBytes = 2048
        faults.receiveBufferBytes = 1500
        return faults
    }()
}

/// How a simulated driver sends: as epoll does, or as io_uring does.
public enum SimulatedSending: Hashable, Sendable, CaseIterable {
    /// What the kernel takes is copied within the call.
    case direct
    /// The bytes are read where they are, piece by piece, until the driver reports them done.
    case inFlight
}

/// The one source of chance in a simulation: SplitMix64, so that a seed names a whole run.
package struct SimulatedRandom: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// True with the given probability. Draws nothing where the answer is certain.
    mutating func happens(_ probability: Double) -> Bool {
        if probability <= 0 { return false }
        return Double(next() >> 11) * 0x1p-53 < probability
    }

    /// A number up to `limit`: small ones are as frequent as large ones, because edges lie at both ends.
    mutating func size(upTo limit: Int) -> Int {
        if limit <= 1 { return limit }
        switch next() & 3 {
        case 0: return 1
        case 1: return Int.random(in: 1...min(limit, 16), using: &self)
        default: return Int.random(in: 1...limit, using: &self)
        }
    }
}
