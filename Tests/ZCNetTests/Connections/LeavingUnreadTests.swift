import Testing

@testable import ZCNet

/// Messages that straddle receptions, and readers that pause.
@Suite struct LeavingUnreadTests {
    /// Sends back each message of a length byte and so many bytes; tells how much it was shown.
    private static func framedSite(_ shown: Monitor<Int>) throws -> Site {
        try Site.handling {
            $0.received = { data, peer in
                var start = 0
                while start < data.count {
                    let end = start + 1 + Int(data.span[start])
                    if end > data.count { break }
                    peer.send(data.extracting(start..<end))
                    start = end
                }
                if start < data.count { peer.leaveUnread(data.count - start) }
                shown.update { $0 += 1 }
            }
        }
    }

    @Test func messagesCutAtEveryByteArriveWhole() async throws {
        try await onThread {
            let shown = Monitor(0)
            let site = try Self.framedSite(shown)
            let client = try site.connect()
            let stream = Array("\u{5}hello\u{0}\u{1}x\u{c}twelve bytes".utf8)
            for cut in 1..<stream.count {
                let before = shown.value
                try client.send(Array(stream[..<cut]))
                try #require(shown.wait { $0 > before })
                try client.send(Array(stream[cut...]))
                #expect(try client.receive(stream.count) == stream)
            }
            site.finish()
        }
    }

    @Test func aMessageSentByteByByteArrivesWhole() async throws {
        try await onThread {
            let shown = Monitor(0)
            let site = try Self.framedSite(shown)
            let client = try site.connect()
            let message = [200] + bulk(200, salt: 3)
            for byte in message {
                let before = shown.value
                try client.send([byte])
                try #require(shown.wait { $0 > before })
            }
            #expect(try client.receive(201) == message)
            site.finish()
        }
    }

    @Test func whatIsLeftUnreadGrowsUpToTheLimit() async throws {
        try await onThread {
            let site = try Site {
                $0.connection.unreadBytesMax = 300_000
            } handler: {
                $0.received = { data, peer in
                    if data.count < 300_000 { return peer.leaveUnread(data.count) }
                    peer.send(data)
                }
            }
            let client = try site.connect()
            client.sendInBackground(bulk(300_000, salt: 1))
            #expect(try client.receive(300_000) == bulk(300_000, salt: 1))
            site.finish()
        }
    }

    @Test func moreThanTheLimitBreaksARule() async throws {
        try await onThread {
            let site = try Site {
                $0.connection.unreadBytesMax = 4096
            } handler: {
                $0.received = { data, peer in peer.leaveUnread(data.count) }
            }
            let client = try site.connect()
            try client.send(bulk(5000, salt: 1))
            #expect(try client.receiveToEnd() == [])
            client.close()
            guard case .protocolError(let rule) = try site.causes()[0] else {
                Issue.record("\(try site.causes())")
                return
            }
            #expect(rule.text.hasPrefix("at most 4096 bytes may stay unread"))
            site.finish()
        }
    }

    @Test func pausingAfterEveryReceptionLosesNothing() async throws {
        try await onThread {
            let site = try Site.handling {
                $0.received = { data, peer in
                    peer.send(data)
                    peer.pauseReading()
                    peer.schedule(after: .milliseconds(1), tag: 7)
                }
                $0.timer = { _, peer in peer.resumeReading() }
            }
            let client = try site.connect()
            client.sendInBackground(bulk(1 << 20, salt: 1), thenFinish: true)
            #expect(try client.receiveToEnd() == bulk(1 << 20, salt: 1))
            #expect(try site.causes() == [.peer])
            site.finish()
        }
    }

    /// However much a peer sends: what is received behind the rest stays within the limit, and only a handler
    /// that wants more than that has its connection closed.
    @Test func takingALittleOfALotBreaksNoRule() async throws {
        try await onThread {
            let taken = Monitor<[UInt8]>([])
            let sent = bulk(7 << 17, salt: 1)
            let site = try Site {
                $0.group.limits.chunkBytes = 48 << 10
                $0.group.limits.timerTick = .milliseconds(1)
                $0.connection.unreadBytesMax = 48 << 10
            } handler: {
                $0.received = { data, peer in
                    // Messages of seven bytes, so that receptions end within them, and buffers for what is
                    // left that are larger than the limit.
                    let count = min(data.count, 7000) / 7 * 7
                    taken.update { [bytes = [UInt8](copying: data.bytes.extracting(first: count))] in
                        $0 += bytes
                    }
                    if taken.value.count == sent.count { return peer.close() }
                    if count < data.count { peer.leaveUnread(data.count - count) }
                    if data.count - count < 7 { return }
                    peer.pauseReading()
                    peer.schedule(after: .milliseconds(1), tag: 7)
                }
                $0.timer = { _, peer in peer.resumeReading() }
            }
            let client = try site.connect()
            client.sendInBackground(sent)
            #expect(try client.receiveToEnd() == [])
            client.close()
            #expect(try site.causes() == [.local])
            #expect(taken.value == sent)
            site.finish()
        }
    }

    @Test func pausingAndResumingWithinOneCallbackLosesNothing() async throws {
        try await onThread {
            let site = try Site.handling {
                $0.received = { data, peer in
                    peer.pauseReading()
                    peer.send(data)
                    peer.resumeReading()
                }
            }
            let client = try site.connect()
            client.sendInBackground(bulk(2 << 20, salt: 1))
            #expect(try client.receive(2 << 20) == bulk(2 << 20, salt: 1))
            site.finish()
        }
    }

    @Test func whatWasReceivedMayBeKept() async throws {
        try await onThread {
            let kept = Monitor<[SharedBytes]>([])
            let site = try Site.handling {
                $0.received = { data, peer in
                    let bytes = data.retain()
                    kept.update { $0.append(bytes) }
                    peer.send(bytes)
                }
            }
            let client = try site.connect()
            client.sendInBackground(bulk(1 << 20, salt: 1))
            #expect(try client.receive(1 << 20) == bulk(1 << 20, salt: 1))
            site.finish()
            // The loop and its memory are gone; what was kept is not.
            let all = kept.value.flatMap { chunk in (0..<chunk.count).map { chunk[$0] } }
            #expect(all == bulk(1 << 20, salt: 1))
        }
    }
}
