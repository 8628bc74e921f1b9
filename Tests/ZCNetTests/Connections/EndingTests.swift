import Testing

@testable import ZCNet

/// The ways in which a connection ends: each is told once, with its cause.
@Suite struct EndingTests {
    @Test func thePeerEnds() async throws {
        try await onThread {
            let site = try Site()
            let client = try site.connect()
            try client.send("last words")
            client.finishSending()
            #expect(try client.receiveToEnd() == Array("last words".utf8))
            #expect(try site.causes() == [.peer])
            site.finish()
        }
    }

    @Test func thePeerResets() async throws {
        try await onThread {
            let site = try Site()
            let client = try site.connect()
            _ = try site.remote()
            client.reset()
            #expect(try site.causes() == [.io(.connectionReset)])
            site.finish()
        }
    }

    @Test func thePeerResetsWhileReadingIsPaused() async throws {
        try await onThread {
            let site = try Site.handling { $0.opened = { $0.pauseReading() } }
            let client = try site.connect()
            _ = try site.remote()
            client.reset()
            #expect(try site.causes() == [.io(.connectionReset)])
            site.finish()
        }
    }

    @Test func theApplicationCloses() async throws {
        try await onThread {
            let site = try Site.handling {
                $0.received = { data, peer in
                    peer.send("bye")
                    peer.close()
                    #expect(peer.send("too late") == .closed)
                }
            }
            let client = try site.connect()
            try client.send("go")
            #expect(try client.receiveToEnd() == Array("bye".utf8))
            #expect(site.journal.value.causes.isEmpty, "the peer has not ended yet")
            client.close()
            #expect(try site.causes() == [.local])
            site.finish()
        }
    }

    @Test func theApplicationsOwnCause() async throws {
        try await onThread {
            let rule = ProtocolRule("no talking")
            let site = try Site.handling { $0.received = { _, peer in peer.close(.protocolError(rule)) } }
            let client = try site.connect()
            try client.send("go")
            #expect(try client.receiveToEnd().isEmpty)
            client.close()
            #expect(try site.causes() == [.protocolError(rule)])
            #expect(site.server.snapshot()[.protocolErrors] == 1)
            site.finish()
        }
    }

    @Test func unreadBytesDoNotCostThePeerItsOutput() async throws {
        try await onThread {
            // A socket closed with unread bytes resets, which may overtake what the peer has not read yet.
            let reply = bulk(2 << 20, salt: 3)
            let shared = SharedBytes(copying: reply)
            let site = try Site.handling {
                $0.received = { _, peer in
                    peer.send(shared)
                    peer.close()
                }
            }
            let client = try site.connect()
            client.sendInBackground(bulk(4 << 20, salt: 4), thenFinish: true)
            #expect(try client.receiveToEnd() == reply)
            #expect(try site.causes() == [.local])
            site.finish()
        }
    }

    @Test func theApplicationAborts() async throws {
        try await onThread {
            let site = try Site.handling { $0.received = { _, peer in peer.abort() } }
            let client = try site.connect()
            try client.send("go")
            #expect(client.endError() == .connectionReset)
            #expect(try site.causes() == [.local])
            site.finish()
        }
    }

    @Test func aPeerThatNeverEndsIsLetGo() async throws {
        try await onThread {
            let site = try Site {
                $0.connection.lingerTimeout = .milliseconds(50)
            } handler: {
                $0.received = { _, peer in peer.close() }
            }
            let client = try site.connect()
            try client.send("go")
            #expect(try client.receiveToEnd().isEmpty)
            #expect(try site.causes() == [.local])
            site.finish()
        }
    }

    @Test func aHalfClosedPeerIsStillSentTo() async throws {
        try await onThread {
            let site = try Site {
                $0.connection.allowsHalfClose = true
            } handler: {
                $0.received = { _, _ in }
                $0.ended = { peer in
                    peer.send("I go on, ")
                    peer.schedule(after: .milliseconds(20), tag: 7)
                }
                $0.timer = { tag, peer in
                    #expect(tag == 7)
                    peer.send("and now I end")
                    peer.close()
                }
            }
            let client = try site.connect()
            try client.send("request")
            client.finishSending()
            #expect(try client.receiveToEnd() == Array("I go on, and now I end".utf8))
            #expect(try site.causes() == [.local])
            #expect(site.journal.value.entries.map(\.ends) == [1])
            site.finish()
        }
    }

    @Test func theServerEndsItsDirectionOnly() async throws {
        try await onThread {
            let heard = Monitor("")
            let site = try Site.handling {
                $0.opened = { peer in
                    peer.send("banner")
                    peer.finishSending()
                    #expect(peer.send("more") == .closed)
                }
                $0.received = { data, _ in
                    let text = String(decoding: [UInt8](copying: data.bytes), as: UTF8.self)
                    heard.update { $0 += text }
                }
            }
            let client = try site.connect()
            #expect(try client.receiveToEnd() == Array("banner".utf8))
            try client.send("still heard")
            client.close()
            #expect(try site.causes() == [.peer])
            #expect(heard.value == "still heard")
            site.finish()
        }
    }

    @Test(arguments: [false, true]) func writingToAPeerThatIsGoneRaisesNoSignal(isUnix: Bool) async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let site = try Site(on: isUnix ? "unix:\(directory.path)/s" : "127.0.0.1:0") {
                $0.connection.allowsHalfClose = true
            } handler: {
                $0.ended = { peer in peer.schedule(after: .milliseconds(1), tag: 1) }
                $0.timer = { _, peer in
                    peer.send("anybody there?")
                    peer.schedule(after: .milliseconds(1), tag: 1)
                }
            }
            let client = try site.connect()
            client.close()
            let cause = try site.causes()
            #expect(cause == [.io(.brokenPipe)] || cause == [.io(.connectionReset)])
            site.finish()
        }
    }

    @Test func shutdownEchoesWhatHadCome() async throws {
        try await onThread {
            let site = try Site(loops: 2, isStarted: false)
            let clients = try (0..<6).map { _ in try site.connect() }
            for (number, client) in clients.enumerated() { try client.send(bulk(20_000, salt: number)) }
            try site.server.start()
            #expect(site.journal.wait { $0.entries.count == 6 })
            site.server.shutdown(grace: .seconds(20))
            for (number, client) in clients.enumerated() {
                #expect(try client.receiveToEnd() == bulk(20_000, salt: number))
                client.close()
            }
            site.server.wait()
            #expect(site.journal.value.causes == Array(repeating: .shutdown, count: 6))
            #expect(throws: SystemError.self) { try site.connect() }
            site.finish()
        }
    }

    @Test func shutdownTwiceAndAfterTheEnd() async throws {
        try await onThread {
            let site = try Site()
            let client = try site.connect()
            let remote = try site.remote()
            site.server.shutdown(grace: .seconds(60))
            site.server.shutdown(grace: .milliseconds(50))
            site.server.wait()
            site.server.shutdown()
            site.server.wait()
            #expect(client.endError() != .wouldBlock)
            #expect(remote.send("nobody") == .stopped)
            remote.close()
            #expect(site.server.group.loops[0].post { _ in } == .stopped)
            #expect(try site.causes() == [.shutdown])
        }
    }
}
