import Testing

@testable import ZCNet

/// Work that comes to a loop from elsewhere, and at its time.
@Suite struct LoopPostingTests {
    @Test func eachThreadsPostsRunInOrder() async throws {
        try await onThread {
            let site = try Site(loops: 2)
            let loop = site.server.group.loops[1]
            let (threads, each) = (4, 5000)
            let seen = Monitor<[[Int]]>(Array(repeating: [], count: threads))
            for thread in 0..<threads {
                DetachedThread.run {
                    for number in 0..<each {
                        let posted = loop.post { context in
                            if context.index != 1 || !context.eventLoop.isCurrent { return }
                            seen.update { $0[thread].append(number) }
                        }
                        #expect(posted == .posted)
                    }
                }
            }
            #expect(seen.wait { $0.allSatisfy { $0.count == each } })
            #expect(seen.value == Array(repeating: Array(0..<each), count: threads))
            #expect(!loop.isCurrent)
            site.finish()
        }
    }

    @Test func aFullMailboxSaysSo() async throws {
        try await onThread {
            let site = try Site { $0.group.limits.mailboxMessagesMax = 16 }
            let loop = site.server.group.loops[0]
            let gate = Monitor(0)
            loop.post { _ in
                gate.update { $0 = 1 }
                _ = gate.wait { $0 == 2 }
            }
            #expect(gate.wait { $0 == 1 })
            let results = (0..<40).map { _ in loop.post { _ in gate.update { $0 += 1 } } }
            let posted = results.count { $0 == .posted }
            #expect((15...17).contains(posted) && results.suffix(20).allSatisfy { $0 == .full }, "\(posted)")
            gate.update { $0 = 2 }
            #expect(gate.wait { $0 == 2 + posted })
            #expect(eventually { loop.post { _ in } == .posted })
            site.finish()
        }
    }

    @Test func postedWorkReachesConnectionsById() async throws {
        try await onThread {
            let site = try Site()
            let client = try site.connect()
            let id = try site.remote().id
            let results = Monitor<[SendResult]>([])
            let ids = Monitor<[ConnectionID]>([])
            site.server.group.loops[0].post { context in
                let found = context.connections
                ids.update { $0 = found }
                let nobody = ConnectionID(rawValue: id.rawValue + 1 << 38)
                let (known, unknown) = (
                    context.send(SharedBytes("by id"), to: id), context.send(SharedBytes("?"), to: nobody)
                )
                context.close(nobody)
                context.close(id)
                let late = context.send(SharedBytes("late"), to: id)
                results.update { $0 = [known, unknown, late] }
            }
            #expect(try client.receiveToEnd() == Array("by id".utf8))
            #expect(results.wait { $0.count == 3 } && ids.value == [id])
            #expect(results.value[0].isAccepted && results.value.dropFirst().allSatisfy { $0 == .closed })
            client.close()
            #expect(try site.causes() == [.local])
            site.finish()
        }
    }

    @Test func timersNeverFireEarly() async throws {
        try await onThread {
            let site = try Site()
            let fired = Monitor<[Int: Duration]>([:])
            let delays = [1, 10, 15, 40, 90, 130]
            site.server.group.loops[0].post { context in
                let start = context.now
                for delay in delays {
                    context.schedule(after: .milliseconds(delay)) { context in
                        let took = context.now - start
                        fired.update { $0[delay] = took }
                    }
                }
                let cancelled = context.schedule(after: .milliseconds(5)) { _ in
                    fired.update { $0[-1] = .zero }
                }
                context.cancel(cancelled)
            }
            #expect(fired.wait { $0.count == delays.count })
            for delay in delays {
                #expect(try #require(fired.value[delay]) >= .milliseconds(delay), "\(delay)")
            }
            #expect(fired.value[-1] == nil)
            site.finish()
        }
    }

    @Test func connectionTimersKeepTheirTags() async throws {
        try await onThread {
            let start = Monitor(MonotonicInstant.zero)
            let fired = Monitor<[UInt8: Duration]>([:])
            let site = try Site.handling {
                $0.opened = { peer in
                    let now = peer.loop.now
                    start.update { $0 = now }
                    peer.schedule(after: .milliseconds(60), tag: 199)
                    peer.schedule(after: .milliseconds(20), tag: 0)
                    peer.cancel(peer.schedule(after: .milliseconds(10), tag: 5))
                    peer.schedule(after: .seconds(3600), tag: 9)
                }
                $0.timer = { tag, peer in
                    let took = peer.loop.now - start.value
                    fired.update { $0[tag.rawValue] = took }
                    if tag == 199 { peer.close() }
                }
            }
            let client = try site.connect()
            #expect(try client.receiveToEnd().isEmpty)
            client.close()
            #expect(try site.causes() == [.local])
            #expect(fired.value.keys.sorted() == [0, 199])
            #expect(try #require(fired.value[0]) >= .milliseconds(20))
            #expect(try #require(fired.value[199]) >= .milliseconds(60))
            site.finish()
        }
    }
}
