@testable import ZCNet

/// Takes a driver's completions apart by connection, and lets a test act within them.
///
/// SAFETY: `@safe` because the memory is its own and lent as the contract says.
@safe
final class BenchSink: CompletionSink {
    var bytes: [Token: [UInt8]] = [:]
    /// What was reported besides bytes, in order.
    var reports: [String] = []
    var descriptors: [Token: Descriptor] = [:]
    var paused: Set<Token> = []
    var accepted: [Descriptor] = []
    var acceptsMax = Int.max
    /// Parts that were retained, when they are to be.
    var kept: [SharedBytes] = []
    var keeps = false
    /// How many receptions there were in memory of the driver's, and in the sink's.
    var lentCount = 0
    var filledCount = 0
    /// Called before a reception is taken; answers how much of it may be.
    var beforeBytes: ((Token, Int) -> Int)?
    var roomCame: ((Token) -> Void)?
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    deinit { unsafe memory.deallocate() }

    func all(_ token: Token) -> [UInt8] { bytes[token] ?? [] }

    func count(_ report: String) -> Int { reports.count { $0 == report } }

    func awoke() {}

    func receiveTarget(_ token: Token) -> ReceiveTarget? {
        guard let descriptor = descriptors[token], !paused.contains(token) else { return nil }
        return unsafe ReceiveTarget(descriptor: descriptor, memory: memory)
    }

    func received(_ token: Token, count: Int) {
        filledCount += 1
        _ = beforeBytes?(token, count)
        unsafe bytes[token, default: []].append(contentsOf: memory[..<count])
    }

    func received(_ token: Token, _ chunk: borrowing ReceivedChunk) -> Int {
        lentCount += 1
        if paused.contains(token) { return 0 }
        let count = min(beforeBytes?(token, chunk.count) ?? chunk.count, chunk.count)
        unsafe chunk.bytes.extracting(first: count).withUnsafeBytes {
            unsafe bytes[token, default: []].append(contentsOf: $0)
        }
        if keeps { kept.append(chunk.retain(0..<count)) }
        return count
    }

    func ended(_ token: Token) { reports.append("ended \(token.place)") }

    func sent(_ token: Token, count: Int) {
        reports.append("room \(token.place)")
        roomCame?(token)
    }

    func connected(_ token: Token) { reports.append("connected \(token.place)") }

    func failed(_ token: Token, errno: Errno) { reports.append("failed \(token.place) \(errno.rawValue)") }

    func accepted(_ listener: Token, descriptor: Descriptor, peer: IPEndpoint) -> Bool {
        accepted.append(descriptor)
        return accepted.count < acceptsMax
    }

    func acceptFailed(_ listener: Token, errno: Errno) -> Bool {
        reports.append("acceptFailed \(errno.rawValue)")
        return true
    }

    func descriptor(of token: Token) -> Descriptor? { descriptors[token] }
}
