import Glibc
import Testing

@testable import ZCNet

/// Sealed output over real sockets: shared bytes, files and pipes, to a reader that is slow.
@Suite struct TransformedSocketTests {
    @Test func allKindsOfOutputKeepTheirOrderOnEpoll() async throws {
        try await onThread { try Self.allKindsOfOutputKeepTheirOrder(on: .epoll) }
    }

    @Test(.enabled(if: DriverBench.refusal == nil, "needs io_uring"))
    func allKindsOfOutputKeepTheirOrderOnURing() async throws {
        try await onThread { try Self.allKindsOfOutputKeepTheirOrder(on: .uring) }
    }

    private static func allKindsOfOutputKeepTheirOrder(on driver: DriverChoice) throws {
        let directory = try TemporaryDirectory()
        let file = bulk(300_001, salt: 8)
        let path = try directory.file("file", file)
        let front = bulk(1 << 20, salt: 9)
        let shared = SharedBytes(copying: front)
        let site = try Site(configure: { $0.group.driver = driver }) {
            $0.opened = { peer in
                peer.scramble()
                let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
                defer { close(descriptor) }
                peer.send(shared)
                for range in [nil, 1000..<200_000 as Range<Int64>?] {
                    let sent = try? peer.send(file: descriptor, range: range)
                    #expect(sent?.isAccepted == true)
                    peer.send("between")
                }
                peer.close()
            }
        }
        let client = try site.connect(receiveBufferBytes: 4096)
        #expect(eventually { site.server.snapshot()[.queuedBytes] > 0 })
        let between = Array("between".utf8)
        let answer = Scramble.opened(try client.receiveToEnd())
        #expect(answer.isRight && answer.isEnded)
        #expect(answer.bytes == front + file + between + file[1000..<200_000] + between)
        client.close()
        #expect(try site.causes() == [.local])
        site.finish()
    }

    /// Large messages are sealed from where they were received, many records to a call.
    @Test func largeMessagesAreEchoed() async throws {
        try await onThread {
            let site = try Site.handling { $0.opened = { $0.scramble() } }
            let client = try site.connect()
            let bytes = bulk(400_000, salt: 3)
            var number: UInt64 = 0
            let records = Scramble.sealed(bytes[...], from: &number) + [0, 0]
            client.sendInBackground(records, thenFinish: true)
            let answer = Scramble.opened(try client.receiveToEnd())
            client.close()
            #expect(answer.bytes == bytes && answer.isEnded && answer.isRight)
            #expect(try site.causes() == [.peer])
            site.finish()
        }
    }
}
