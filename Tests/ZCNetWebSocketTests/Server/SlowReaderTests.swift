import Glibc
import Synchronization
import Testing

@testable import ZCNet
@testable import ZCNetWebSocket

/// A peer that reads slowly, over real sockets and on both drivers.
@Suite struct SlowReaderTests {
    static let messageCount = 1000
    static let messageBytes = 10_240
    /// Standing still for so long ends a connection; reading takes longer. A busy machine may hold the reader
    /// up for seconds, which must not look like that.
    static let patience = Duration.seconds(8)
    static let pace = 700_000.0

    /// Sends all messages, and closes where it is told to.
    struct Source: WebSocketHandler {
        let isClosing: Bool
        let causes: Locked<[String]>

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            var payload = [UInt8](repeating: 0, count: SlowReaderTests.messageBytes)
            for number in 0..<SlowReaderTests.messageCount {
                (payload[0], payload[1]) = (UInt8(number >> 8), UInt8(number & 0xFF))
                let answer = peer.send(binary: unsafe payload.span.bytes)
                #expect(answer.isAccepted)
            }
            if isClosing { peer.close() }
        }

        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            causes.withLock { $0.append("\(reason.code.rawValue) \(reason.cause)") }
        }
    }

    /// The numbers of the messages, the codes of close frames, and whether that was all.
    static func parse(_ bytes: [UInt8]) -> (numbers: [Int], codes: [Int], isWhole: Bool) {
        var (numbers, codes, position): ([Int], [Int], Int) = ([], [], 0)
        while position + 4 <= bytes.count {
            let short = Int(bytes[position + 1])
            let head = short == 126 ? 4 : 2
            let count = short == 126 ? Int(bytes[position + 2]) << 8 | Int(bytes[position + 3]) : short
            let start = position + head
            guard start + count <= bytes.count else { return (numbers, codes, false) }
            let word = count < 2 ? 0 : Int(bytes[start]) << 8 | Int(bytes[start + 1])
            if bytes[position] == 0x82 { numbers.append(word) }
            if bytes[position] == 0x88 { codes.append(word) }
            position = start + count
        }
        return (numbers, codes, position == bytes.count)
    }

    static func server(
        _ driver: String, isClosing: Bool, _ causes: Locked<[String]>,
        _ configure: (inout WebSocketServer.Configuration) -> Void
    ) throws -> WebSocketServer {
        var configuration = WebSocketServer.Configuration()
        configuration.tcp.group.loops = 1
        configuration.tcp.group.driver = try #require(DriverChoice(rawValue: driver))
        configure(&configuration)
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) {
            Source(isClosing: isClosing, causes: causes)
        }
        try server.start()
        return server
    }

    /// Accepted messages are not lost on close.
    @Test(arguments: StoppedProcessTests.drivers)
    func aThousandOfAThousandMessagesArriveAfterAClose(driver: String) async throws {
        try await onOwnThread {
            let causes = Locked<[String]>([])
            let server = try Self.server(driver, isClosing: true, causes) {
                $0.options.closeTimeout = Self.patience
            }
            let client = try RoomSocket(to: server.address, receiveBufferBytes: 64 << 10)
            try client.say("go")
            let start = MonotonicClock.system.now()
            let (bytes, isReset) = client.readSteadily(bytesPerSecond: Self.pace)
            #expect(MonotonicClock.system.now() - start > Self.patience + .seconds(2), "as slow as meant")
            let (numbers, codes, isWhole) = Self.parse(bytes)
            #expect(numbers == Array(0..<Self.messageCount) && codes == [1000] && isWhole && !isReset)
            server.shutdown(grace: .zero)
            server.wait()
        }
    }

    /// A shutdown lets a steady reader have everything, as long as its grace lasts.
    @Test(arguments: StoppedProcessTests.drivers)
    func aThousandOfAThousandMessagesArriveInAShutdown(driver: String) async throws {
        try await onOwnThread {
            let causes = Locked<[String]>([])
            let server = try Self.server(driver, isClosing: false, causes) {
                $0.options.closeTimeout = Self.patience
            }
            let client = try RoomSocket(to: server.address, receiveBufferBytes: 64 << 10)
            try client.say("go")
            while server.snapshot()[.messagesOut] < Self.messageCount { usleep(1000) }
            server.shutdown(grace: .seconds(300))
            let (bytes, isReset) = client.readSteadily(bytesPerSecond: Self.pace)
            let (numbers, codes, isWhole) = Self.parse(bytes)
            #expect(numbers == Array(0..<Self.messageCount) && codes == [1001] && isWhole && !isReset)
            server.wait()
        }
    }

    /// Its output pauses reading for far longer than a pong may take, and it reads on all the time.
    @Test(arguments: StoppedProcessTests.drivers)
    func aSlowReaderIsNoMissedPong(driver: String) async throws {
        try await onOwnThread {
            let causes = Locked<[String]>([])
            let server = try Self.server(driver, isClosing: false, causes) {
                $0.options.pingInterval = .seconds(1)
                $0.options.pongTimeout = Self.patience
                $0.tcp.socket.sendBufferBytes = 64 << 10
                $0.options.connection.outboundHighWatermarkBytes = 64 << 10
                $0.options.connection.outboundLowWatermarkBytes = 32 << 10
            }
            let client = try RoomSocket(to: server.address, receiveBufferBytes: 64 << 10)
            try client.say("go")
            let all = Self.messageCount * Self.messageBytes
            let start = MonotonicClock.system.now()
            var bytes = 0
            _ = client.read(all, bytesPerSecond: Self.pace) { bytes += $0.count }
            #expect(MonotonicClock.system.now() - start > Self.patience + .seconds(2), "as slow as meant")
            #expect(bytes >= all && causes.withLock { $0.isEmpty })
            server.shutdown(grace: .zero)
            server.wait()
        }
    }
}
