import Testing

@testable import ZCNet

/// What other threads do with a connection.
@Suite struct RemoteTests {
    @Test func readingIsPausedAndResumedFromAnotherThread() async throws {
        try await onThread {
            let paused = Monitor(0)
            let site = try Site.handling {
                $0.received = { data, peer in
                    peer.send(data)
                    peer.pauseReading()
                    paused.update { $0 += 1 }
                }
            }
            let client = try site.connect()
            let remote = try site.remote()
            for round in 1...5 {
                try client.send("first \(round)")
                #expect(paused.wait { $0 == round })
                #expect(try client.receiveText(7) == "first \(round)")
                try client.send("then  \(round)")
                #expect(!client.hasInput(within: 20) && paused.value == round)
                remote.resumeReading()
                #expect(try client.receiveText(7) == "then  \(round)")
                remote.resumeReading()
                paused.update { $0 = round }
            }
            client.close()
            #expect(try site.causes() == [.peer])
            site.finish()
        }
    }

    @Test func everyThreadsOrderIsKept() async throws {
        try await onThread {
            let site = try Site()
            let client = try site.connect()
            let remote = try site.remote()
            let (threads, each) = (4, 2000)
            for thread in 0..<threads {
                DetachedThread.run {
                    for number in 0..<each { remote.send("\(thread) \(number)\n") }
                }
            }
            var next = Array(repeating: 0, count: threads)
            var lines = 0
            var rest = ""
            while lines < threads * each {
                let piece = try client.receiveSome(max: 64 << 10)
                try #require(!piece.isEmpty)
                let parts = (rest + String(decoding: piece, as: UTF8.self)).split(
                    separator: "\n", omittingEmptySubsequences: false)
                rest = String(parts.last ?? "")
                for line in parts.dropLast() {
                    let words = line.split(separator: " ").compactMap { Int($0) }
                    try #require(words.count == 2 && next[words[0]] == words[1], "\(line)")
                    next[words[0]] += 1
                    lines += 1
                }
            }
            #expect(rest.isEmpty && next == Array(repeating: each, count: threads))
            site.finish()
        }
    }

    @Test func threadsThatGoOnAfterTheCloseBreakNothing() async throws {
        try await onThread {
            let site = try Site()
            let client = try site.connect()
            let remote = try site.remote()
            let results = Monitor<[SendResult: Int]>([:])
            for _ in 0..<4 {
                DetachedThread.run {
                    for number in 0..<500 {
                        let posted = remote.send(SharedBytes("\(number)".utf8)) { result in
                            results.update { $0[result, default: 0] += 1 }
                        }
                        #expect(posted == .posted)
                    }
                }
            }
            _ = try client.receive(10)
            remote.close()
            client.close()
            _ = try site.causes()
            #expect(results.wait { $0.values.reduce(0, +) == 2000 }, "every send is answered")
            let after = Monitor<SendResult?>(nil)
            remote.send(SharedBytes("late".utf8)) { result in after.update { $0 = result } }
            #expect(after.wait { $0 != nil } && after.value == .closed)
            remote.close()
            remote.resumeReading()
            let next = try site.connect()
            try next.send("the loop lives")
            #expect(try next.receiveText(14) == "the loop lives")
            site.finish()
        }
    }

    @Test func closingFromAnotherThread() async throws {
        try await onThread {
            let site = try Site()
            let client = try site.connect()
            let remote = try site.remote()
            remote.send("farewell")
            remote.close()
            remote.send("lost")
            #expect(try client.receiveToEnd() == Array("farewell".utf8))
            client.close()
            #expect(try site.causes() == [.local])
            site.finish()
        }
    }

    @Test func handlesAreTheSameWhereTheConnectionIs() async throws {
        try await onThread {
            let site = try Site(loops: 2) { $0.acceptStrategy = .roundRobin }
            let other = try Site()
            let clients = [try site.connect(), try site.connect(), try other.connect()]
            let (first, second) = (try site.remote(after: 1), try site.remote(after: 2))
            #expect(first != second && first == first && Set([first, second, first]).count == 2)
            #expect(try other.remote() != first)
            #expect(clients.count == 3)
        }
    }

    @Test func broadcastReachesAllLoops() async throws {
        try await onThread {
            let site = try Site(loops: 3) {
                $0.acceptStrategy = .roundRobin
            } handler: {
                $0.received = { data, peer in
                    let bytes = data.copy()
                    peer.loop.broadcast(bytes, except: peer.id)
                    peer.send("done")
                }
            }
            let clients = try (0..<9).map { _ in try site.connect() }
            _ = try site.remote(after: 9)
            let text = String(repeating: "news ", count: 200)
            try clients[4].send(text)
            #expect(try clients[4].receiveText(4) == "done")
            for (number, client) in clients.enumerated() where number != 4 {
                #expect(try client.receiveText(text.utf8.count) == text)
            }
            #expect(!clients[4].hasInput(within: 20))
            site.finish()
        }
    }
}
