import Glibc
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Rooms on real sockets and real threads.
@Suite struct RoomThreadTests {
    private struct Served {
        let rooms = Rooms<String>()
        let remotes = RoomHandler.Remotes()
        let server: WebSocketServer

        init(loops: Int, joinsAtOnce: [String]) throws {
            var configuration = WebSocketServer.Configuration()
            configuration.tcp.group.loops = loops
            // Otherwise the kernel deals connections out, and a loop may get none.
            configuration.tcp.acceptStrategy = .roundRobin
            // These clients answer no pings, and a busy machine makes them slow.
            configuration.options.pingInterval = nil
            let (rooms, remotes) = (rooms, remotes)
            server = try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) {
                RoomHandler(rooms: rooms, remotes: remotes, joinsAtOnce: joinsAtOnce)
            }
            try server.start()
        }

        func end() {
            server.shutdown(grace: .milliseconds(50))
            server.wait()
        }

        /// Members, each known to be one: it has heard itself.
        func members(_ count: Int) throws -> [RoomSocket] {
            try (0..<count).map { number in
                let socket = try RoomSocket(to: server.address)
                try socket.say("echo x \(number)")
                guard try socket.next() == "\(number)" else {
                    throw RoomSocket.Failure(description: "expected an echo")
                }
                return socket
            }
        }
    }

    @Test(arguments: [1, 2, 4]) func aHandlersPublicationsKeepTheirOrder(loops: Int) async throws {
        try await onOwnThread {
            let served = try Served(loops: loops, joinsAtOnce: ["a"])
            defer { served.end() }
            let sockets = try served.members(9)
            for number in 0..<200 { try sockets[number % 2].say("say a \(number % 2) \(number)") }
            for socket in sockets {
                var heard: [[Int]] = [[], []]
                for _ in 0..<200 {
                    let words = try socket.next().split(separator: " ").compactMap { Int($0) }
                    heard[words[0]].append(words[1])
                }
                #expect(heard[0] == Array(stride(from: 0, to: 200, by: 2)))
                #expect(heard[1] == Array(stride(from: 1, to: 200, by: 2)))
            }
        }
    }

    /// Many threads publish to all loops; at each member each thread's messages are in order and whole.
    @Test(arguments: [1, 2, 4]) func everyThreadsOrderIsKept(loops: Int) async throws {
        let (threads, messages) = (4, 250)
        let served = try Served(loops: loops, joinsAtOnce: ["a", "b"])
        let rooms = served.rooms
        let padding = String(repeating: ".", count: 300)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let members = try served.members(8)
            for thread in 0..<threads {
                group.addTask {
                    try await onOwnThread {
                        for number in 0..<messages {
                            let prepared = PreparedMessage(text: "\(thread) \(number) \(padding)")
                            rooms.publish(prepared, to: number % 3 == 0 ? "b" : "a")
                        }
                    }
                }
            }
            try await group.waitForAll()
            for member in members {
                var next = Array(repeating: 0, count: threads)
                for _ in 0..<(threads * messages) {
                    let words = try member.next().split(separator: " ")
                    guard words.count == 3, let thread = Int(words[0]) else {
                        throw RoomSocket.Failure(description: "words")
                    }
                    #expect(words[1] == "\(next[thread])")
                    #expect(words[2].count == 300)
                    next[thread] += 1
                }
            }
        }
        #expect(served.rooms.counts.delivered == 8 * threads * messages)
        #expect(served.rooms.counts.refused == 0)
        served.end()
        #expect(served.rooms.counts.members == 0)
        #expect(served.rooms.publish("to nobody", to: "a") == .posted)
    }

    /// Leaves the processors to those who are published to, for a moment: nothing depends on how long it is.
    private static func breathe() { usleep(100) }

    /// Members come, go, join and leave from many threads while it is published.
    @Test func everythingAtOnce() async throws {
        let served = try Served(loops: 2, joinsAtOnce: ["a"])
        let rooms = served.rooms
        let remotes = served.remotes
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    try await onOwnThread {
                        for _ in 0..<40 {
                            let socket = try RoomSocket(to: served.server.address)
                            try socket.say("join b")
                            _ = try socket.next()
                        }
                    }
                }
            }
            for number in 0..<2 {
                group.addTask {
                    try await onOwnThread {
                        var random = SimulatedRandom(seed: UInt64(number))
                        while remotes.all.count < 80 {
                            rooms.publish("to all", to: random.next() % 2 == 0 ? "a" : "b")
                            let all = remotes.all
                            if all.isEmpty { continue }
                            let one = all[Int(random.next() % UInt64(all.count))]
                            if random.next() % 2 == 0 { rooms.join("c", one) } else { rooms.leave("c", one) }
                            _ = rooms.counts
                            Self.breathe()
                        }
                        // The last ones wait for a message.
                        while remotes.closes < 80 {
                            rooms.publish("to all", to: "a")
                            Self.breathe()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let counts = rooms.counts
        #expect((counts.rooms, counts.members) == (0, 0))
        #expect(counts.delivered > 0)
        served.end()
    }
}
