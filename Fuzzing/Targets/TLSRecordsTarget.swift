#if TLS
import COpenSSL
import Glibc
import ZCNet
import ZCNetTLS

/// The own record layer of TLS 1.3 beside OpenSSL's: whatever it takes OpenSSL takes too and reads the same
/// in it, what it refuses it has read the same before, and how the stream is cut makes no difference.
struct TLSRecordsTarget: FuzzTarget {
    let name = "tls-records"
    let bytesMax = 1500

    var words: [[UInt8]] {
        [
            // An alert, a KeyUpdate and a piece of one, a ticket, empty records, a raw alert and a header.
            [4, 0, 2, 1, 0], [4, 0, 2, 2, 40], [4, 0, 2, 1, 90], [4, 1, 5, 24, 0, 0, 1, 1], [4, 1, 2, 24, 0],
            [4, 1, 8, 4, 0, 0, 4, 0, 0, 0, 0], [4, 3, 0], [6, 7, 21, 3, 3, 0, 2, 1, 0],
            [6, 5, 23, 3, 3, 64, 18], [3, 0], [3, 1], [0, 0, 10], [0, 255, 255], [5, 10, 3, 0], [9, 1, 3],
        ]
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<random.below(12) {
            bytes += random.oneIn(4) ? random.pick(words) : [0, random.byte(), random.byte()]
        }
        return bytes + (random.oneIn(3) ? [7, random.byte(), random.byte(), random.byte()] : [])
    }

    /// What a stream comes to.
    private struct Reading: Equatable {
        var bytes: [UInt8] = []
        var unopened = 0
        var hasEnded = false
        var failure: String?
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        guard let bench = CipherBench(byEVP: random.oneIn(2)) else { throw Broken("the three ciphers") }
        let client = try HandshakeSide(isServer: false)
        let server = try HandshakeSide(isServer: true)
        var flight: [UInt8] = []
        for _ in 0..<3 where !server.isDone { flight = server.step(client.step(flight)) }
        try expect(client.isDone && server.isDone, "a handshake that both agree to")
        let forger = try Forger(client, bench)
        var script = RecordScript(input[...])
        let stream = script.play(forger)

        let (pair, suite) = try unsafe server.takeKeys(bench)
        let second = try unsafe Self.copied(pair)
        var whole = unsafe TLSRecords(pair, suite: suite, contentBytesMax: 16384, bench: bench)
        var split = unsafe TLSRecords(second, suite: suite, contentBytesMax: 16384, bench: bench)
        let ours = try read(&whole, stream, cuts: [])
        let cuts = random.cuts(of: stream.count)
        let again = try read(&split, stream, cuts: cuts)
        try expect(again == ours, "the same in pieces, cut at \(cuts): \(ours), got \(again)")
        let theirs = server.open(stream)
        try compare(ours, theirs, script)
        return outline("\(ours.failure ?? "fine") \(ours.hasEnded) \(theirs.reading.rawValue)")
    }

    private func compare(
        _ ours: Reading, _ theirs: (bytes: [UInt8], reading: ztls_reading, complaint: String),
        _ script: RecordScript
    ) throws {
        let hasFailed = theirs.reading == ZTLS_READING_FAILED
        if ours.failure != nil {
            // Some rules are kept here alone; nothing was read that OpenSSL would not have.
            try expect(theirs.bytes.starts(with: ours.bytes), "the beginning of what OpenSSL reads")
            try expect(!script.isHonest, "no failure, got \(ours.failure ?? "")")
            return
        }
        // OpenSSL judges a header before the rest is here, and counts what brings nothing otherwise.
        let isStricter =
            hasFailed
            && (ours.unopened > 0 || theirs.complaint.contains("too many warn alerts")
                || theirs.complaint.contains("record too small"))
        try expect(
            !hasFailed || isStricter, "no failure of OpenSSL's, got \(theirs.complaint) beside \(ours)")
        if isStricter {
            return try expect(ours.bytes.starts(with: theirs.bytes), "what OpenSSL reads up to its failure")
        }
        try expect(
            ours.bytes == theirs.bytes, "\(theirs.bytes.count) bytes as OpenSSL, got \(ours.bytes.count)")
        try expect(
            ours.hasEnded == (theirs.reading == ZTLS_PEER_ENDED), "the end that OpenSSL sees, got \(ours)")
        if script.isHonest { try expect(ours.bytes == script.data, "all data of an honest stream") }
    }

    /// The same keys once more.
    private static func copied(
        _ pair: UnsafeMutablePointer<ztls_pair>
    ) throws -> UnsafeMutablePointer<ztls_pair> {
        guard let memory = unsafe calloc(1, MemoryLayout<ztls_pair>.size) else { throw Broken("memory") }
        let copy = unsafe memory.bindMemory(to: ztls_pair.self, capacity: 1)
        unsafe copy.pointee = pair.pointee
        return unsafe copy
    }

    private func read(_ records: inout TLSRecords, _ stream: [UInt8], cuts: [Int]) throws -> Reading {
        var reading = Reading()
        var held: [UInt8] = []
        var start = 0
        for end in cuts + [stream.count] where !reading.hasEnded && reading.failure == nil {
            held += stream[start..<end]
            start = end
            let count = held.count
            let result = unsafe held.withUnsafeMutableBytes { unsafe records.open($0, behind: 0) }
            try expect(
                result.end >= 0 && result.unopened >= 0 && result.end + result.unopened <= count,
                "no more than there was")
            reading.bytes += held[..<result.end]
            held = Array(held.suffix(result.unopened))
            try expect(held.count < records.recordBytesMax, "less than a record is waited for")
            if result.owesAnswer { try takeAnswer(&records) }
            switch result.outcome {
            case .open: break
            case .peerEnded: reading.hasEnded = true
            case .failed(let reason): reading.failure = "\(reason)"
            }
        }
        reading.unopened = held.count
        return reading
    }

    private func takeAnswer(_ records: inout TLSRecords) throws {
        var room = [UInt8](repeating: 0, count: 256)
        let made = unsafe room.withUnsafeMutableBytes { unsafe records.answer(into: $0) }
        try expect((1...256).contains(made), "an answer to what asks for one, got \(made) bytes")
    }
}
#endif
