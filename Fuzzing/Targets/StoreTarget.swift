import StoreSimulation
import ZCNet
import ZCProto

/// A store's folder whose file holds anything: it opens with what a naive reader finds, and again with the
/// same, or is refused and left as it is. Inputs may have their records' tags and checksums put right, so
/// that what is behind those is reached: an enemy of the disk's own, as chance never makes one.
struct StoreTarget: FuzzTarget {
    let name = "store"
    let bytesMax = 4096
    private static let folder = "log"
    private static let path = "log/00000000000000000001.zclog"

    var words: [[UInt8]] {
        [
            NaiveLog.octets(NaiveLog.tag, 8), Array("ZCNETLOG".utf8), [72, 0, 0, 0], [64, 0, 0, 0],
            [1, 0, 0, 0, 0, 0, 0, 0], [48, 0, 0, 0, 0, 0, 0, 0], [255, 255, 255, 255, 255, 255, 255, 255],
            [0, 0, 0, 64], [255, 255, 255, 63],
        ]
    }

    /// A byte that says what is put right, then the file behind its head.
    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        var (first, term) = (UInt64(1), UInt64(0))
        for _ in 0..<random.below(5) {
            let isMark = random.oneIn(5)
            let messages = isMark ? [] : (0...random.below(3)).map { _ in random.bytes(random.below(40)) }
            if random.oneIn(4) { term += 1 }
            let durable = random.oneIn(6) ? random.below(400) : NaiveLog.headBytes + bytes.count
            bytes += Self.record(messages, first: first, term: term, durable: durable, &random)
            first += UInt64(messages.count)
        }
        if random.oneIn(3) { bytes += random.bytes(random.below(80)) }
        return [UInt8(random.oneIn(8) ? random.below(256) : 15)] + bytes
    }

    private static func record(
        _ messages: [[UInt8]], first: UInt64, term: UInt64, durable: Int, _ random: inout FuzzRandom
    ) -> [UInt8] {
        let content = messages.flatMap { NaiveLog.octets(UInt64($0.count), 4) } + messages.flatMap { $0 }
        let size = (64 + content.count + 7) & ~7
        var bytes = NaiveLog.octets(NaiveLog.tag, 8) + NaiveLog.octets(UInt64(size), 4) + [0, 0, 0, 0]
        bytes += NaiveLog.octets(UInt64(messages.count), 4) + [0, 0, 0, 0] + NaiveLog.octets(first, 8)
        bytes += NaiveLog.octets(term, 8) + NaiveLog.octets(UInt64(durable), 8)
        bytes += NaiveLog.octets(UInt64(random.below(3)), 8) + NaiveLog.octets(UInt64(random.below(9)), 8)
        return bytes + content + [UInt8](repeating: 0, count: size - 64 - content.count)
    }

    func check(_ input: [UInt8]) throws -> String {
        guard let flags = input.first else { return "empty" }
        var file = NaiveLog.head(first: 1, term: 0, previous: 0) + input.dropFirst()
        repair(&file, flags)
        // A head that is changed is another's, or decayed.
        if flags & 16 != 0, file.count > 60 { file[Int(file[56]) % NaiveLog.headBytes] ^= file[57] }
        let disk = try Self.disk(with: file)
        let isWhole = Array(file.prefix(NaiveLog.headBytes)) == NaiveLog.head(first: 1, term: 0, previous: 0)
        let expected = isWhole ? NaiveLog.judge(file) : .corrupt
        switch Self.open(disk) {
        case .success((let found, let recovery)):
            try checkOpened(found, expected, disk)
            return "\(min(found.messages.count, 3)) \(min(recovery.tornBytes, 1)) \(recovery.wasClosed)"
        case .failure(let error):
            if case .log = expected { throw Broken("\(expected), as the naive reader says, got \(error)") }
            let codes: [MessageStoreError.Code] =
                expected == .either ? [.corrupt, .failed] : [.corrupt, .unsupportedFormat]
            try expect(codes.contains(error.code), "one of \(codes), got \(error)")
            try expect(disk.bytes(of: Self.path) == file, "a file that was refused to be as it was")
            return outline("\(error.code) \(error.expected) \(error.got)")
        }
    }

    /// Puts tags, checksums and predecessors right, as far as the flags say and lengths lead.
    private func repair(_ file: inout [UInt8], _ flags: UInt8) {
        var (offset, previous) = (NaiveLog.headBytes, UInt64(0))
        while offset + 64 <= file.count {
            if flags & 1 != 0 { file.replaceSubrange(offset..<offset + 8, with: Self.tagBytes) }
            if flags & 4 != 0 {
                file.replaceSubrange(offset + 20..<offset + 24, with: NaiveLog.octets(previous, 4))
            }
            let size = Int(NaiveLog.number(file[offset + 8..<offset + 12]))
            guard size >= 64, size <= file.count - offset else { return }
            if flags & 2 != 0 {
                let sum = NaiveLog.checksum(ofRecord: file[offset..<offset + size], at: offset)
                file.replaceSubrange(offset + 12..<offset + 16, with: NaiveLog.octets(UInt64(sum), 4))
            }
            previous = NaiveLog.number(file[offset + 12..<offset + 16])
            offset += size
        }
    }

    private static let tagBytes = NaiveLog.octets(NaiveLog.tag, 8)

    private static func disk(with file: [UInt8]) throws -> SimulatedDisk {
        let disk = SimulatedDisk(seed: 1)
        _ = try disk.makeFolder(folder)
        let place = try disk.create(path)
        _ = try withExactSpan(file) { try place.write($0, at: 0) }
        try place.sync()
        try disk.syncFolder(folder)
        try disk.syncFolder(".")
        return disk
    }

    /// What a store in the folder serves.
    private static func open(
        _ disk: SimulatedDisk
    ) -> Result<(NaiveLog, StoreRecovery), MessageStoreError> {
        do throws(MessageStoreError) {
            let log = try SegmentLog(folder, FileStoreOptions(), disk, random: { 7 })
            var found = NaiveLog()
            found.term = log.head.extent.term
            let limit = ReadLimit(messagesMax: .max, bytesMax: .max)
            for stored in try log.read(from: log.head.extent.range.lowerBound, limit: limit) {
                found.messages += stored.batch.messages.map { message in
                    unsafe message.bytes.withUnsafeBytes { unsafe Array($0) }
                }
            }
            return .success((found, log.recovery))
        } catch {
            return .failure(error)
        }
    }

    private func checkOpened(
        _ found: NaiveLog, _ expected: NaiveLog.Verdict, _ disk: SimulatedDisk
    ) throws {
        if expected != .either {
            try expect(expected == .log(found), "\(expected), as the naive reader says, got \(found)")
        }
        // What was shown was made durable first, and is whole.
        for again in [disk, disk.crashed(seed: 3)] {
            let (same, recovery) = try Self.open(again).get()
            try expect(same == found, "\(found) again, got \(same)")
            try expect(recovery.tornBytes == 0, "nothing torn the second time, got \(recovery.tornBytes)")
        }
    }
}
