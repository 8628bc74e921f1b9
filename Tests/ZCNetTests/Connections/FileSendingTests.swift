import Glibc
import Testing

@testable import ZCNet

/// Files and pipes that go out without a visit to user space.
@Suite struct FileSendingTests {
    /// Sends from `path` once somebody has connected, then closes if wanted.
    ///
    /// What `send(file:)` threw ends up in `errors`.
    private static func site(
        _ path: String, range: Range<Int64>? = nil, errors: Monitor<[SystemError]> = Monitor([]),
        closes: Bool = true
    ) throws -> Site {
        try Site.handling {
            $0.opened = { peer in
                let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
                defer { close(descriptor) }
                peer.send("<")
                do throws(SystemError) {
                    try peer.send(file: descriptor, range: range)
                } catch {
                    errors.update { $0.append(error) }
                }
                peer.send(">")
                if closes { peer.close() }
            }
        }
    }

    private static func framed(_ bytes: some Collection<UInt8>) -> [UInt8] {
        Array("<".utf8) + bytes + Array(">".utf8)
    }

    @Test(arguments: [nil, 0..<0, 0..<1, 4095..<4097, 0..<100_000, 99_999..<100_000] as [Range<Int64>?])
    func aFileOrARangeOfIt(range: Range<Int64>?) async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let bytes = bulk(100_000, salt: 5)
            let errors = Monitor<[SystemError]>([])
            let site = try Self.site(try directory.file("file", bytes), range: range, errors: errors)
            let client = try site.connect()
            let expected = range.map { bytes[Int($0.lowerBound)..<Int($0.upperBound)] } ?? bytes[...]
            #expect(try client.receiveToEnd() == Self.framed(expected))
            client.close()
            #expect(try site.causes() == [.local] && errors.value.isEmpty)
            #expect(site.journal.value.entries[0].bytesOut == UInt64(expected.count + 2))
            site.finish()
        }
    }

    @Test func aLargeFileArrivesWhole() async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let bytes = bulk(32 << 20, salt: 6)
            let site = try Self.site(try directory.file("large", bytes))
            let client = try site.connect()
            #expect(try client.receiveToEnd() == Self.framed(bytes))
            client.close()
            #expect(try site.causes() == [.local])
            #expect(site.server.snapshot()[.queuedBytes] == 0)
            site.finish()
        }
    }

    @Test func whatIsInAPipe() async throws {
        try await onThread {
            var ends: [Int32] = [0, 0]
            try #require(unsafe pipe(&ends) == 0)
            let (reading, writing) = (ends[0], ends[1])
            let site = try Site.handling {
                $0.received = { _, peer in
                    let sent = try? peer.send(file: reading)
                    #expect(sent?.isAccepted == true)
                    peer.close()
                }
            }
            let client = try site.connect()
            let text = Array("from the pipe".utf8)
            #expect(unsafe write(writing, text, text.count) == text.count)
            try client.send("go")
            #expect(try client.receiveToEnd() == text)
            client.close()
            close(reading)
            close(writing)
            site.finish()
        }
    }

    @Test func whatCannotBeSent() async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let file = try directory.file("file", [1, 2, 3])
            let cases: [(String, Range<Int64>?, Errno)] = [
                (directory.path, nil, .invalidArgument), ("/dev/null", nil, .invalidArgument),
                (file, 0..<4, .invalidArgument), (file, -1..<2, .invalidArgument),
                ("\(directory.path)/missing", nil, Errno(rawValue: EBADF)),
            ]
            for (path, range, errno) in cases {
                let errors = Monitor<[SystemError]>([])
                let site = try Self.site(path, range: range, errors: errors)
                let client = try site.connect()
                #expect(try client.receiveToEnd() == Self.framed([]), "the connection goes on")
                #expect(errors.value.map(\.errno) == [errno], "\(path)")
                client.close()
                #expect(try site.causes() == [.local])
                site.finish()
            }
        }
    }

    @Test func aFileThatShrinksBreaksTheConnection() async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let path = try directory.file("shrinking", bulk(32 << 20, salt: 7))
            let site = try Self.site(path, closes: false)
            let client = try site.connect(receiveBufferBytes: 4096)
            // The kernel is full and most of the file is still to come.
            #expect(try client.receiveText(1) == "<")
            #expect(eventually { site.server.snapshot()[.partialSends] > 0 })
            #expect(unsafe truncate(path, 1) == 0)
            #expect(client.endError() == .connectionReset)
            #expect(try site.causes() == [.io(Errno(rawValue: EIO))])
            site.finish()
        }
    }

    @Test func filesAndBytesKeepTheirOrderBehindABacklog() async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let path = try directory.file("file", bulk(300_000, salt: 8))
            let front = bulk(6 << 20, salt: 9)
            let shared = SharedBytes(copying: front)
            let site = try Site.handling {
                $0.opened = { peer in
                    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
                    defer { close(descriptor) }
                    peer.send(shared)
                    for _ in 0..<2 {
                        let sent = try? peer.send(file: descriptor)
                        #expect(sent?.isAccepted == true)
                        peer.send("between")
                    }
                    peer.close()
                }
            }
            let client = try site.connect(receiveBufferBytes: 4096)
            #expect(eventually { site.server.snapshot()[.partialSends] > 0 })
            let tail = bulk(300_000, salt: 8) + Array("between".utf8)
            #expect(try client.receiveToEnd() == front + tail + tail)
            client.close()
            #expect(try site.causes() == [.local])
            site.finish()
        }
    }

    @Test func aFileForAPeerThatIsGoneRaisesNoSignal() async throws {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            let path = try directory.file("file", bulk(100_000, salt: 1))
            var ends: [Int32] = [0, 0]
            try #require(unsafe pipe(&ends) == 0)
            let reading = ends[0]
            #expect(unsafe write(ends[1], path, 4) == 4)
            for usesPipe in [false, true] {
                let site = try Site.handling(on: "unix:\(directory.path)/socket", isStarted: false) {
                    $0.opened = { peer in
                        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
                        defer { close(descriptor) }
                        _ = try? peer.send(file: usesPipe ? reading : descriptor)
                    }
                }
                let client = try site.connect()
                client.close()
                try site.server.start()
                let causes = try site.causes()
                #expect(causes == [.io(.brokenPipe)])
                site.finish()
            }
        }
    }
}
