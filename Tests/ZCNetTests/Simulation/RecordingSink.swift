@testable import ZCNet

/// Takes a driver's completions and keeps them as text.
///
/// SAFETY: `@safe` because the memory is its own and lent as the contract says.
@safe
final class RecordingSink: CompletionSink {
    var reports: [String] = []
    var bytes: [UInt8] = []
    var descriptors: [Token: Descriptor] = [:]
    var accepted: [Descriptor] = []
    /// How many more connections are wanted.
    var acceptsLeft = Int.max
    /// Whether receiving is refused though the driver was not told to pause.
    var refusesMemory = false
    var receiveBytesMax = 4096
    var sentCount = 0
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    deinit { unsafe memory.deallocate() }

    func awoke() {}

    func receiveTarget(_ token: Token) -> ReceiveTarget? {
        guard !refusesMemory, let descriptor = descriptors[token] else { return nil }
        return unsafe ReceiveTarget(
            descriptor: descriptor,
            memory: UnsafeMutableRawBufferPointer(rebasing: memory[..<receiveBytesMax]))
    }

    func received(_ token: Token, count: Int) {
        reports.append("received")
        unsafe bytes.append(contentsOf: memory[..<count])
    }

    func received(_ token: Token, _ chunk: borrowing ReceivedChunk) -> Int {
        reports.append("received")
        unsafe chunk.bytes.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        return chunk.count
    }

    func ended(_ token: Token) { reports.append("ended") }

    func sent(_ token: Token, count: Int) {
        reports.append(count == 0 ? "room" : "sent")
        sentCount += count
    }

    func connected(_ token: Token) { reports.append("connected") }

    func failed(_ token: Token, errno: Errno) { reports.append("failed \(errno.rawValue)") }

    func accepted(_ listener: Token, descriptor: Descriptor, peer: IPEndpoint) -> Bool {
        reports.append("accepted")
        accepted.append(descriptor)
        acceptsLeft -= 1
        return acceptsLeft > 0
    }

    func acceptFailed(_ listener: Token, errno: Errno) -> Bool {
        reports.append("acceptFailed \(errno.rawValue)")
        return false
    }

    func descriptor(of token: Token) -> Descriptor? { descriptors[token] }
}
