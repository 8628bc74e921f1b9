import Glibc
import Testing

@testable import ZCNet

/// What an observer and a tracer are told.
@Suite struct ObserverTests {
    @Test func everyOpenAndClose() async throws {
        try await onThread {
            let events = Monitor<[Events.Event]>([])
            let site = try Site { $0.group.observer = Events(events) }
            let first = try site.connect()
            let address = try #require(first.address)
            let id = try site.remote().id
            #expect(events.value == [.opened(id, address)])
            first.close()
            #expect(events.wait { $0.count == 2 })
            #expect(events.value.last == .closed(id, .peer, dropped: 0))
            let second = try site.connect()
            let other = try site.remote(after: 2).id
            second.reset()
            #expect(events.wait { $0.count == 4 })
            #expect(events.value.last == .closed(other, .io(.connectionReset), dropped: 0))
            let figures = site.server.snapshot()
            #expect(figures[.opened] == 2 && figures[.accepted] == 2 && figures[.connections] == 0)
            #expect(figures[.closedPeer] == 1 && figures[.closedIO] == 1)
            site.finish()
        }
    }

    @Test func droppedOutputIsCounted() async throws {
        try await onThread {
            let events = Monitor<[Events.Event]>([])
            let bytes = SharedBytes(copying: bulk(8 << 20, salt: 1))
            let site = try Site {
                $0.group.observer = Events(events)
            } handler: {
                $0.opened = { peer in peer.send(bytes) }
            }
            let client = try site.connect(receiveBufferBytes: 4096)
            let id = try site.remote().id
            #expect(eventually { site.server.snapshot()[.partialSends] > 0 })
            client.reset()
            #expect(events.wait { $0.count == 2 })
            let sent = try Int(#require(site.journal.value.entries.first).bytesOut)
            #expect(events.value.last == .closed(id, .io(.connectionReset), dropped: bytes.count - sent))
            #expect(site.server.snapshot()[.queuedBytes] == 0)
            site.finish()
        }
    }

    @Test func aCallbackThatHoldsItsLoopUp() async throws {
        try await onThread {
            let events = Monitor<[Events.Event]>([])
            let site = try Site {
                $0.group.observer = Events(events)
                $0.group.limits.slowCallback = .milliseconds(100)
            } handler: {
                $0.received = { data, peer in
                    // Holding the loop up is the point here.
                    if data.count == 4 { usleep(200_000) }
                    peer.send(data)
                }
            }
            let client = try site.connect()
            let id = try site.remote().id
            try client.send("slow")
            #expect(try client.receiveText(4) == "slow")
            let slow = events.value.compactMap { event -> Duration? in
                if case .slow(id, let took) = event { took } else { nil }
            }
            #expect(slow.count == 1 && slow.allSatisfy { $0 >= .milliseconds(100) }, "\(events.value)")
            #expect(site.server.snapshot()[.slowCallbacks] >= 1)
            site.finish()
        }
    }

    private struct Tracing: Tracer {
        let kinds: Monitor<[CallbackKind: Int]>

        func callbackRan(_ id: ConnectionID, _ kind: CallbackKind, bytes: Int, took: Duration) {
            kinds.update { $0[kind, default: 0] += kind == .data ? bytes : 1 }
        }
    }

    @Test func aTracerSeesEveryCallback() async throws {
        try await onThread {
            let kinds = Monitor<[CallbackKind: Int]>([:])
            let site = try Site {
                $0.group.tracer = Tracing(kinds: kinds)
                $0.connection.allowsHalfClose = true
            } handler: {
                $0.opened = { $0.schedule(after: .milliseconds(1), tag: 1) }
                $0.timer = { _, peer in peer.send("tick") }
            }
            let client = try site.connect()
            #expect(try client.receiveText(4) == "tick")
            try client.send("some bytes")
            #expect(try client.receiveText(10) == "some bytes")
            client.close()
            _ = try site.causes()
            #expect(kinds.wait { $0[.close] == 1 })
            #expect(kinds.value == [.open: 1, .timer: 1, .data: 10, .peerEnded: 1, .close: 1])
            #expect(site.server.snapshot().loops[0].callbackNanoseconds.count == 5)
            site.finish()
        }
    }

    @Test func largeBytesAreQueuedByReference() async throws {
        try await onThread {
            let payload = Monitor<SharedBytes?>(nil)
            let site = try Site { $0.connection.outboundBytesMax = 1 << 30 }
            let client = try site.connect(receiveBufferBytes: 4096)
            let remote = try site.remote()
            weak var owner: AnyObject?
            do {
                let bytes = SharedBytes(copying: bulk(1 << 20, salt: 2))
                owner = bytes.owner
                payload.update { $0 = bytes }
                for _ in 0..<16 { remote.send(bytes) }
            }
            #expect(eventually { site.server.snapshot()[.queuedBytes] > 4 << 20 })
            payload.update { $0 = nil }
            #expect(owner != nil, "the output holds the bytes themselves")
            let pool = site.server.group.siblings.all[0].buffers.pool.counts.outstandingBytes
            #expect(pool == 0, "nothing was copied")
            let expected = bulk(1 << 20, salt: 2)
            for _ in 0..<16 { try #require(try client.receive(1 << 20) == expected) }
            #expect(eventually { owner == nil }, "sent bytes are let go")
            site.finish()
        }
    }
}
