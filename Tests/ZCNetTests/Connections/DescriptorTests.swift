import Glibc
import Testing

@testable import ZCNet

/// What a server leaves behind in its process, which only a process of its own can show.
@Suite struct DescriptorTests {
    @Test func serversCloseEveryDescriptorThatTheyOpened() async {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            // What the process opens once and keeps is opened here.
            try Self.serveEveryEnd(directory, "warm-up")
            let before = Self.openDescriptors
            for round in 0..<3 { try Self.serveEveryEnd(directory, "\(round)") }
            #expect(Self.openDescriptors == before)
        }
    }

    /// Serves connections that end in each way, over TCP and over a Unix domain socket.
    private static func serveEveryEnd(_ directory: TemporaryDirectory, _ name: String) throws {
        let path = try directory.file("\(name).file", bulk(4 << 20, salt: 1))
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        for address in ["127.0.0.1:0", "unix:\(directory.path)/\(name)"] {
            let site = try Site(on: address, loops: 2) {
                $0.acceptStrategy = .roundRobin
            } handler: {
                $0.received = { data, peer in
                    switch data.span[0] {
                    case UInt8(ascii: "f"): _ = try? peer.send(file: file)
                    case UInt8(ascii: "c"): peer.close()
                    case UInt8(ascii: "a"): peer.abort()
                    default: peer.send(data)
                    }
                }
            }
            // Transfers are under way, connections just opened and closing when the clients go and the end
            // comes.
            for command in ["f", "c", "a", "e", "f", "f"] {
                let client = try site.connect()
                try client.send(command)
                if command == "e" { _ = try client.receive(1) }
                if command == "f" { _ = try client.receive(100) }
                if command == "c" { _ = try client.receiveToEnd() }
            }
            let kept = try site.connect()
            try kept.send("k")
            #expect(try kept.receiveText(1) == "k")
            site.finish()
        }
    }

    private static var openDescriptors: Int {
        guard let entries = unsafe opendir("/proc/self/fd") else { return -1 }
        defer { unsafe closedir(entries) }
        var count = 0
        while unsafe readdir(entries) != nil { count += 1 }
        return count
    }

    /// The loop itself must write a socket whose sending has ended, which is sure to be a broken pipe:
    /// whether a reset has come yet is a matter of chance.
    @Test func aBrokenPipeEndsTheConnectionAndNotTheProcess() async {
        await #expect(processExitsWith: .success) {
            // As a process starts by default, whatever the test runner has arranged.
            _ = signal(SIGPIPE, SIG_DFL)
            let directory = try TemporaryDirectory()
            let path = try directory.file("file", bulk(1 << 20, salt: 1))
            let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
            var ends: [Int32] = [-1, -1]
            let isPiped = unsafe pipe(&ends) == 0
            try #require(isPiped)
            let written = unsafe write(ends[1], bulk(100, salt: 1), 100)
            #expect(written == 100)
            let pipe = ends[0]
            let site = try Site.handling {
                $0.received = { data, peer in
                    shutdown(peer.base.slot[].descriptor.rawValue, Int32(SHUT_WR))
                    switch data.span[0] {
                    case 0: _ = try? peer.send(file: file)
                    case 1: _ = try? peer.send(file: pipe)
                    default: peer.send("bytes")
                    }
                }
            }
            for source in [0, 1, 2] as [UInt8] {
                let client = try site.connect()
                try client.send([source])
                _ = client.endError()
            }
            #expect(try site.causes(3) == [.io(.brokenPipe), .io(.brokenPipe), .io(.brokenPipe)])
            site.finish()
        }
    }
}
