#if TLS
import COpenSSL
import Glibc
import Testing
import ZCNet

@testable import ZCNetTLS

/// The record layer alone: what it seals it opens, however the stream is cut, and nothing else.
@Suite struct TLSRecordsTests {
    /// One side of a connection whose secrets are known.
    static func side(
        _ bench: CipherBench, suite: Int32, receiving: [UInt8], sending: [UInt8],
        contentBytesMax: UInt16 = 16384,
        isClient: Bool = false, recordsPerKey: UInt64 = TLSRecords.recordsPerKey
    ) throws -> TLSRecords {
        guard let memory = unsafe calloc(1, MemoryLayout<ztls_pair>.size) else {
            throw TLSClient.Failure(description: "no memory")
        }
        let pair = unsafe memory.bindMemory(to: ztls_pair.self, capacity: 1)
        unsafe withUnsafeMutableBytes(of: &pair.pointee.receiving.secret) {
            unsafe $0.copyBytes(from: receiving)
        }
        unsafe withUnsafeMutableBytes(of: &pair.pointee.sending.secret) { unsafe $0.copyBytes(from: sending) }
        #expect(unsafe ztls_derive(bench.place, suite, &pair.pointee.receiving))
        #expect(unsafe ztls_derive(bench.place, suite, &pair.pointee.sending))
        return unsafe TLSRecords(
            pair, suite: suite, contentBytesMax: contentBytesMax, bench: bench, isClient: isClient,
            recordsPerKey: recordsPerKey)
    }

    static let ours = [UInt8](repeating: 0x11, count: 48)
    static let theirs = [UInt8](repeating: 0x22, count: 48)

    static func seal(_ records: inout TLSRecords, _ pieces: [[UInt8]]) -> [UInt8] {
        let count = pieces.reduce(0) { $0 + $1.count }
        var room = [UInt8](repeating: 0, count: records.sealedBytesMax(of: count))
        let flat = pieces.flatMap { $0 }
        let made = unsafe flat.withUnsafeBytes { flat in
            var start = 0
            var vectors: [iovec] = unsafe []
            for piece in pieces {
                unsafe vectors.append(
                    iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: flat.baseAddress)?.advanced(by: start),
                        iov_len: piece.count))
                start += piece.count
            }
            return unsafe vectors.withUnsafeMutableBufferPointer { vectors in
                unsafe room.withUnsafeMutableBytes { room in
                    guard let base = vectors.baseAddress else { return 0 }
                    return unsafe records.seal(
                        IOVectors(base: base, count: vectors.count, byteCount: count), into: room) ?? 0
                }
            }
        }
        return Array(room.prefix(made))
    }

    struct Opened {
        var bytes: [UInt8]
        var rest: [UInt8]
        var owesAnswer: Bool
        var failure: String?
        var hasEnded = false
    }

    static func open(_ records: inout TLSRecords, _ bytes: [UInt8]) -> Opened {
        var memory = bytes
        let result = unsafe memory.withUnsafeMutableBytes { unsafe records.open($0, behind: 0) }
        var opened = Opened(
            bytes: Array(memory.prefix(result.end)), rest: Array(bytes.suffix(result.unopened)),
            owesAnswer: result.owesAnswer)
        switch result.outcome {
        case .open: break
        case .peerEnded: opened.hasEnded = true
        case .failed(let reason): opened.failure = "\(reason)"
        }
        return opened
    }

    static func answer(_ records: inout TLSRecords) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: 1000)
        let made = unsafe room.withUnsafeMutableBytes { unsafe records.answer(into: $0) }
        return Array(room.prefix(made))
    }

    /// The last word.
    static func end(_ records: inout TLSRecords) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: 1000)
        let made = unsafe room.withUnsafeMutableBytes { unsafe records.sealEnd(into: $0) }
        return Array(room.prefix(made))
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        hexadecimal.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }

    /// RFC 8448, 3: the client's first record of data, and its secret.
    @Test(arguments: [false, true]) func theExampleOfTheRFC(byEVP: Bool) throws {
        let bench = try #require(CipherBench(byEVP: byEVP))
        let secret = Self.bytes(
            "9e 40 64 6c e7 9a 7f 9d c0 5a f8 88 9b ce 65 52 87 5a fa 0b 06 df 00 87 "
                + "f7 92 eb b7 c1 75 04 a5")
        let record = Self.bytes(
            "17 03 03 00 43 a2 3f 70 54 b6 2c 94 d0 af fa fe 82 28 ba 55 cb ef ac ea "
                + "42 f9 14 aa 66 bc ab 3f 2b 98 19 a8 a5 b4 6b 39 5b d5 4a 9a 20 44 1e 2b "
                + "62 97 4e 1f 5a 62 92 a2 97 70 14 bd 1e 3d ea e6 3a ee bb 21 69 49 15 e4")
        var client = try Self.side(bench, suite: 0, receiving: Self.theirs, sending: secret)
        var server = try Self.side(bench, suite: 0, receiving: secret, sending: Self.theirs)
        let content = Array(UInt8(0)..<50)
        #expect(Self.seal(&client, [content]) == record)
        let opened = Self.open(&server, record)
        #expect(opened.bytes == content && opened.failure == nil && opened.rest.isEmpty)
    }

    /// Sealed by the provider's functions and opened by EVP, and the other way round; cut at every byte.
    @Test(arguments: [Int32(0), 1, 2], [false, true]) func recordsCutAtEveryByte(suite: Int32, byEVP: Bool)
        throws
    {
        let fast = try #require(CipherBench(byEVP: byEVP))
        let slow = try #require(CipherBench(byEVP: !byEVP))
        let content = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        let count = 300 + 4 * Int(ZTLS_OVERHEAD) + 12
        for cut in 0...count {
            var sender = try Self.side(
                fast, suite: suite, receiving: Self.theirs, sending: Self.ours, contentBytesMax: 100)
            var receiver = try Self.side(slow, suite: suite, receiving: Self.ours, sending: Self.theirs)
            var stream = Self.seal(&sender, [Array(content[..<120]), [], Array(content[120...])])
            stream += Self.seal(&sender, [Array("and one more".utf8)])
            #expect(stream.count == count)
            let first = Self.open(&receiver, Array(stream[..<cut]))
            let second = Self.open(&receiver, first.rest + stream[cut...])
            #expect(first.bytes + second.bytes == content + Array("and one more".utf8), "cut at \(cut)")
            #expect(second.rest.isEmpty && first.failure == nil && second.failure == nil)
        }
    }

    /// Short and long pieces in turn, which are gathered or read where they are.
    @Test(arguments: [Int32(0), 1, 2], [false, true]) func piecesOfAllSizesMakeRecords(
        suite: Int32, byEVP: Bool
    ) throws {
        let fast = try #require(CipherBench(byEVP: byEVP))
        let slow = try #require(CipherBench(byEVP: !byEVP))
        var sender = try Self.side(fast, suite: suite, receiving: Self.theirs, sending: Self.ours)
        var receiver = try Self.side(slow, suite: suite, receiving: Self.ours, sending: Self.theirs)
        var random = SystemRandomNumberGenerator()
        for round in 0..<60 {
            let sizes = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                [1, 2, 13, 1023, 1024, 1025, 5000, 16384, 40_001].randomElement(using: &random) ?? 1
            }
            let pieces = sizes.map { size in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ round) } }
            let opened = Self.open(&receiver, Self.seal(&sender, pieces))
            #expect(
                opened.bytes == pieces.flatMap { $0 } && opened.failure == nil, "round \(round): \(sizes)")
        }
    }

    /// Every bit of a record matters, but those of its version (RFC 8446, 5.1) whose octets are sealed too.
    @Test func aChangedByteIsRefused() throws {
        let bench = try #require(CipherBench())
        var sender = try Self.side(bench, suite: 0, receiving: Self.theirs, sending: Self.ours)
        let record = Self.seal(&sender, [[1, 2, 3, 4, 5]])
        for index in record.indices {
            var receiver = try Self.side(bench, suite: 0, receiving: Self.ours, sending: Self.theirs)
            var changed = record
            changed[index] ^= 1
            let opened = Self.open(&receiver, changed + [UInt8](repeating: 23, count: 300))
            #expect(opened.failure != nil && opened.bytes.isEmpty && !opened.owesAnswer, "byte \(index)")
            let ends = [Self.end(&receiver).count, Self.end(&receiver).count]
            #expect(ends == [24, 0], "the alert is said once")
        }
    }

    /// Several thousand records under ever new keys, by this side's own decision and by request.
    @Test func keysAreChangedInTime() throws {
        let bench = try #require(CipherBench())
        var left = try Self.side(
            bench, suite: 0, receiving: Self.theirs, sending: Self.ours, recordsPerKey: 3)
        var right = try Self.side(bench, suite: 0, receiving: Self.ours, sending: Self.theirs)
        for round in 0..<200 {
            let there = Self.open(&right, Self.seal(&left, [[UInt8(round & 0xFF)]]))
            #expect(there.bytes == [UInt8(round & 0xFF)] && there.failure == nil)
            let back = Self.open(&left, Self.seal(&right, [[7]]))
            #expect(back.bytes == [7] && back.failure == nil)
            if back.owesAnswer {
                let asked = Self.open(&right, Self.answer(&left))
                #expect(asked.owesAnswer && asked.failure == nil)
                let told = Self.open(&left, Self.answer(&right))
                #expect(told.failure == nil && !told.owesAnswer)
            }
        }
    }

    /// Seals any content of any type.
    private static func sealed(_ content: [UInt8], type: UInt8, number: inout UInt64, bench: CipherBench)
        throws
        -> [UInt8]
    {
        guard let memory = unsafe calloc(1, MemoryLayout<ztls_pair>.size) else {
            throw TLSClient.Failure(description: "no memory")
        }
        let pair = unsafe memory.bindMemory(to: ztls_pair.self, capacity: 1)
        defer { unsafe ztls_pair_free(bench.place, 0, pair) }
        unsafe withUnsafeMutableBytes(of: &pair.pointee.sending.secret) { unsafe $0.copyBytes(from: ours) }
        _ = unsafe ztls_derive(bench.place, 0, &pair.pointee.sending)
        unsafe pair.pointee.sending.sequence = number
        number += 1
        var room = [UInt8](repeating: 0, count: content.count + 22)
        unsafe content.withUnsafeBytes { bytes in
            var piece = unsafe iovec(
                iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
            unsafe withUnsafePointer(to: &piece) { piece in
                var cursor = unsafe ztls_cursor(piece: piece, offset: 0)
                #expect(
                    unsafe ztls_seal(
                        bench.place, 0, &pair.pointee.sending, type, &cursor, content.count, &room))
            }
        }
        return room
    }

    @Test func whatIsNoDataIsAnsweredAsTheRFCSays() throws {
        let bench = try #require(CipherBench())
        let cases: [(records: [(UInt8, [UInt8])], alert: UInt8?, ends: Bool)] = [
            ([(21, [1, 0])], nil, true), ([(21, [2, 0])], nil, true),
            ([(21, [2, 40])], nil, false), ([(21, [1, 90]), (21, [1, 0])], nil, true),
            ([(21, [1])], 50, false), ([(21, [])], 50, false), ([(21, [1, 0, 0])], 50, false),
            ([(22, [24, 0, 0, 1, 2])], 47, false), ([(22, [24, 0, 0, 2, 0])], 50, false),
            // No more of it is waited for.
            ([(22, [24, 0, 0, 2])], 50, false), ([(22, [24, 0]), (22, [0, 0])], 50, false),
            ([(22, [24, 0, 0, 1, 0, 24])], 10, false), ([(22, [])], 10, false),
            ([(22, [13, 0, 0, 0])], 10, false),
            ([(22, [24, 0]), (23, [1])], 10, false), ([(22, [24, 0]), (21, [1, 0])], 10, false),
            ([(20, [1])], 10, false), ([(24, [1])], 10, false), ([(0, [])], 10, false),
            ([(0, [0, 0])], 10, false),
            (Array(repeating: (23, []), count: 33), 10, false),
            (Array(repeating: (23, []), count: 32) + [(23, [1]), (21, [1, 0])], nil, true),
        ]
        for (index, item) in cases.enumerated() {
            var server = try Self.side(bench, suite: 0, receiving: Self.ours, sending: Self.theirs)
            var client = try Self.side(bench, suite: 0, receiving: Self.theirs, sending: Self.ours)
            var number: UInt64 = 0
            let stream = try item.records.flatMap {
                try Self.sealed($0.1, type: $0.0, number: &number, bench: bench)
            }
            let opened = Self.open(&server, stream)
            #expect(
                opened.hasEnded == item.ends && (opened.failure == nil) == item.ends,
                "case \(index): \(opened)")
            #expect(!opened.owesAnswer, "case \(index)")
            // Read as the peer reads it: the reason names the alert.
            let told = Self.open(&client, Self.end(&server))
            if let alert = item.alert {
                #expect(told.failure?.contains("alert \(alert) ") == true, "case \(index): \(told)")
            } else {
                #expect(told.hasEnded == item.ends && told.failure == nil, "case \(index): \(told)")
            }
        }
    }

    /// A client takes tickets, in pieces and several to a record, and no other message of a server.
    @Test func aServersTicketsArePassedOver() throws {
        let bench = try #require(CipherBench())
        let ticket: [UInt8] = [4, 0, 1, 0] + [UInt8](repeating: 7, count: 256)
        let cases: [(records: [(UInt8, [UInt8])], alert: UInt8?)] = [
            ([(22, ticket)], nil), ([(22, ticket + ticket), (23, [1])], nil),
            ([(22, Array(ticket[..<2])), (22, Array(ticket[2..<100])), (22, Array(ticket[100...]))], nil),
            ([(22, ticket + [24, 0, 0, 1, 0])], nil), ([(22, [4, 0, 0, 0]), (23, [1])], nil),
            ([(22, Array(ticket[..<9])), (23, [1])], 10), ([(22, ticket + [13])], 10),
            ([(22, ticket + [24, 0, 0, 1, 0, 4])], 10), ([(22, [4, 0xFF, 0xFF, 0xFF])], 50),
            ([(22, [4, 0, 0, 9])] + Array(repeating: (22, [4, 0, 0, 0]), count: 1), 0), ([(22, [0])], 10),
            (Array(repeating: (22, ticket), count: 1025), 10),
        ]
        for (index, item) in cases.enumerated() {
            var client = try Self.side(
                bench, suite: 0, receiving: Self.ours, sending: Self.theirs, isClient: true)
            var server = try Self.side(bench, suite: 0, receiving: Self.theirs, sending: Self.ours)
            var number: UInt64 = 0
            let stream = try item.records.flatMap {
                try Self.sealed($0.1, type: $0.0, number: &number, bench: bench)
            }
            let opened = Self.open(&client, stream)
            // 0 stands for a ticket that is not at its end, which breaks no rule yet.
            #expect((opened.failure == nil) == (item.alert ?? 0 == 0), "case \(index): \(opened)")
            #expect(opened.bytes == (item.records.last?.0 == 23 && item.alert == nil ? [1] : []))
            guard let alert = item.alert, alert > 0 else { continue }
            let told = Self.open(&server, Self.end(&client))
            #expect(told.failure?.contains("alert \(alert) ") == true, "case \(index): \(told)")
        }
    }

    /// A cipher that fails leaves nothing to send, neither then nor later.
    @Test func aCipherThatFailsSealsNothing() throws {
        let bench = try #require(CipherBench())
        var records = try Self.side(bench, suite: 0, receiving: Self.theirs, sending: Self.ours)
        #expect(Self.seal(&records, [[1, 2, 3]]).count == 25)
        unsafe bench.place.pointee.suites.0.final = { _, _, _, _ in 0 }
        #expect(Self.seal(&records, [[1, 2, 3]]) == [])
        #expect(Self.end(&records) == [])
    }

    @Test func headersAreRefusedBeforeWhatTheyAnnounce() throws {
        let bench = try #require(CipherBench())
        for (head, rule, alert) in [
            ([22], "5.1", 10), ([0x47], "5.1", 10), ([23, 3, 3, 0x40, 18], "5.2", 22),
            ([23, 3, 3, 0xFF, 0xFF], "5.2", 22), ([23, 3, 3, 0, 16], "5.2", 20),
            ([23, 3, 3, 0, 0], "5.2", 20),
        ] as [([UInt8], String, Int)] {
            var server = try Self.side(bench, suite: 0, receiving: Self.ours, sending: Self.theirs)
            var client = try Self.side(bench, suite: 0, receiving: Self.theirs, sending: Self.ours)
            #expect(Self.open(&server, head).failure?.contains("RFC 8446 \(rule)") == true)
            let told = Self.open(&client, Self.end(&server))
            #expect(told.failure?.contains("alert \(alert) ") == true, "\(head): \(told)")
        }
    }

    /// What comes twice, too early, too late, or under a key that is over is refused as if it had been
    /// changed.
    @Test func recordsOutOfTurnAreRefused() throws {
        let bench = try #require(CipherBench())
        var sender = try Self.side(bench, suite: 0, receiving: Self.theirs, sending: Self.ours)
        var updater = try Self.side(
            bench, suite: 0, receiving: Self.theirs, sending: Self.ours, recordsPerKey: 0)
        let first = Self.seal(&sender, [[1]])
        let second = Self.seal(&sender, [[2]])
        let third = Self.seal(&sender, [[3]])
        // A KeyUpdate under the first key, and data under the second.
        let updated = Self.seal(&updater, [[4]])
        for (what, stream, shown) in [
            ("twice", first + first, [1]), ("early", second, []), ("one left out", first + third, [1]),
            ("late", first + second + first, [1, 2]), ("under the old key", updated + second, [4]),
            ("under the old key, again", updated + first, [4]),
        ] as [(String, [UInt8], [UInt8])] {
            var receiver = try Self.side(bench, suite: 0, receiving: Self.ours, sending: Self.theirs)
            var peer = try Self.side(bench, suite: 0, receiving: Self.theirs, sending: Self.ours)
            let opened = Self.open(&receiver, stream)
            #expect(opened.failure?.contains("RFC 8446 5.2") == true && opened.bytes == shown, "\(what)")
            let told = Self.open(&peer, Self.end(&receiver))
            #expect(told.failure?.contains("alert 20 ") == true, "\(what): \(told)")
        }
    }

    @Test func aFloodOfKeyUpdatesEnds() throws {
        let bench = try #require(CipherBench())
        var server = try Self.side(bench, suite: 0, receiving: Self.ours, sending: Self.theirs)
        var client = try Self.side(
            bench, suite: 0, receiving: Self.theirs, sending: Self.ours, recordsPerKey: 0)
        // Below the limit all is well; a key limit of 0 has every seal begin with an update.
        for round in 0..<3000 {
            let opened = Self.open(&server, Self.seal(&client, [round < 1500 ? [1] : []]))
            if round < 1500 { #expect(opened.failure == nil && opened.bytes == [1]) }
            if opened.failure != nil { return #expect(round > 2500) }
        }
        #expect(Bool(false), "never refused")
    }

    /// Beside the pair of keys on the heap the connection holds a few words.
    @Test func aConnectionHoldsLittle() {
        #expect(MemoryLayout<TLSRecords>.size + MemoryLayout<ztls_pair>.size <= 300)
    }
}
#endif
