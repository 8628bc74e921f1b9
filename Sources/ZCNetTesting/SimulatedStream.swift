/// One direction of a simulated connection: bytes in the sender's kernel, on their way, and in the receiver's
/// kernel.
///
/// All bytes lie in one queue in their order; three counts say how far each has come. What is on its way is
/// cut into segments with an arrival time each, and none overtakes another.
final class SimulatedStream {
    /// The socket that receives what flows here.
    let reader: Int32
    private var bytes: [UInt8] = []
    private var head = 0
    /// Bytes in the receiver's kernel.
    private(set) var arrived = 0
    /// Bytes that ever came to the receiver's kernel.
    private(set) var arrivedTotal = 0
    /// Bytes on their way.
    private(set) var flying = 0
    private var segments: [Int] = []
    private var firstSegment = 0
    private(set) var isFinishRequested = false
    private var isFinishLaunched = false
    /// Whether the end has come to the receiver, behind all bytes.
    private(set) var hasFinishArrived = false
    /// When the last segment arrives; the next one arrives no sooner.
    private(set) var lastArrival: Int64 = 0
    private var isBroken = false

    init(reader: Int32) { self.reader = reader }

    /// Bytes in the sender's kernel.
    var waiting: Int { bytes.count - head - arrived - flying }

    /// Bytes that have not come to the receiver's kernel.
    var unacknowledged: Int { waiting + flying }

    /// Takes bytes into the sender's kernel.
    func append(_ more: some Sequence<UInt8>) {
        if !isBroken { bytes.append(contentsOf: more) }
    }

    func requestFinish() { isFinishRequested = true }

    /// Puts a segment of up to `limit` bytes on its way, or the end behind the last; nil when nothing can
    /// leave.
    func launch(limit: Int, window: Int, arrival: Int64) -> Int? {
        if isBroken || isFinishLaunched { return nil }
        let count = min(waiting, limit, window - arrived - flying)
        if count <= 0 {
            guard waiting == 0 && isFinishRequested else { return nil }
            isFinishLaunched = true
        }
        segments.append(max(0, count))
        flying += max(0, count)
        lastArrival = max(lastArrival, arrival)
        return max(0, count)
    }

    /// The next segment arrives; answers its size, 0 for the end, nil when a reset came before it.
    func arrive() -> Int? {
        guard !isBroken, firstSegment < segments.count else { return nil }
        let count = segments[firstSegment]
        firstSegment += 1
        if firstSegment == segments.count {
            segments.removeAll(keepingCapacity: true)
            firstSegment = 0
        }
        arrived += count
        arrivedTotal += count
        flying -= count
        if count == 0 { hasFinishArrived = true }
        return count
    }

    /// Takes `count` of the bytes that have arrived.
    func read(_ count: Int) -> [UInt8] {
        precondition(count <= arrived, "more bytes than have arrived")
        let taken = Array(bytes[head..<head + count])
        arrived -= count
        head += count
        if head == bytes.count || head > 1 << 16 {
            bytes.removeSubrange(..<head)
            head = 0
        }
        return taken
    }

    /// A reset: nothing moves any more; what has arrived stays readable unless it is dropped.
    func breakOff(dropsArrived: Bool) {
        isBroken = true
        segments = []
        firstSegment = 0
        flying = 0
        let kept = dropsArrived ? 0 : arrived
        bytes.removeSubrange((head + kept)...)
        arrived = kept
    }
}
