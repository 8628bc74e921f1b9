import CZCNet
import StoreSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

@Suite struct RecordCodecTests {
    @Test func theChecksumIsCastagnolis() {
        // RFC 3720 B.4, and the check value of the catalogues.
        #expect(CRC32C.checksum(SharedBytes("123456789").bytes) == 0xE306_9283)
        #expect(CRC32C.checksum(SharedBytes(copying: [UInt8](repeating: 0, count: 32)).bytes) == 0x8A91_36AA)
        #expect(
            CRC32C.checksum(SharedBytes(copying: [UInt8](repeating: 255, count: 32)).bytes) == 0x62A8_AB43)
        #expect(CRC32C.checksum(SharedBytes(copying: Array(0..<32)).bytes) == 0x46DD_794E)
        #expect(CRC32C.checksum(SharedBytes().bytes) == 0)
    }

    @Test func theChecksumIsTheSameInPiecesAndWithoutTheInstruction() {
        var random = SimulatedRandom(seed: 4)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let shared = SharedBytes(copying: bytes)
            let whole = CRC32C.checksum(shared.bytes)
            for cut in 0...length {
                let head = CRC32C.checksum(shared.bytes.extracting(0..<cut))
                #expect(CRC32C.checksum(shared.bytes.extracting(cut..<length), continuing: head) == whole)
            }
            #expect(unsafe czcnet_crc32c_portable(0, bytes, length) == whole)
        }
    }

    private let place = RecordPlace(
        tag: 0x1234_5678_9ABC_DEF0, offset: 4800, previous: 77, durableBytes: 4321)

    private func encoded(_ batch: MessageBatch, at place: RecordPlace? = nil) throws -> SharedBytes {
        var buffer = WriteBuffer()
        _ = try RecordCodec.encode(
            batch, first: MessageSequence(rawValue: 9), at: place ?? self.place, into: &buffer)
        return buffer.freeze()
    }

    private func header(_ bytes: SharedBytes, bytesMax: Int? = nil) -> RecordHeader? {
        RecordHeader(bytes.bytes, tag: place.tag, bytesMax: bytesMax ?? bytes.count)
    }

    @Test func recordsComeBack() throws {
        for number in 0..<200 {
            let batch = LogScript.batch(number)
            let bytes = try encoded(batch)
            #expect(bytes.count % 8 == 0 && bytes.count == RecordHeader.recordBytes(of: batch.messages))
            guard let header = header(bytes), let ranges = RecordCodec.messageRanges(header, bytes.bytes)
            else {
                Issue.record("record \(number) is none")
                continue
            }
            #expect(header.first.rawValue == 9 && header.term == batch.term && header.durableBytes == 4321)
            #expect(header.identity == batch.identity && header.messageCount == batch.messages.count)
            #expect(header.recordBytes == bytes.count && header.previous == 77)
            let isWhole = RecordCodec.isWhole(header, bytes.bytes, at: place.offset)
            #expect(isWhole)
            #expect(ranges.map { bytes.slice($0) } == batch.messages)
            #expect(self.header(bytes, bytesMax: bytes.count - 1) == nil)
            for cut in 0..<RecordHeader.byteCount {
                #expect(self.header(bytes.slice(0..<cut), bytesMax: bytes.count) == nil)
            }
        }
    }

    @Test func everyFlippedBitIsNoticed() throws {
        let good = try encoded(LogScript.batch(7))
        var bytes = good.span.indices.map { good[$0] }
        for place in bytes.indices {
            for bit in 0..<8 {
                bytes[place] ^= 1 << bit
                let changed = SharedBytes(copying: bytes)
                let isWhole =
                    header(changed).map { RecordCodec.isWhole($0, changed.bytes, at: self.place.offset) }
                    ?? false
                #expect(!isWhole, "bit \(bit) of byte \(place)")
                bytes[place] ^= 1 << bit
            }
        }
    }

    /// A record is one at its place and in its segment only.
    @Test func aRecordElsewhereIsNone() throws {
        let bytes = try encoded(LogScript.batch(7))
        let whole = try #require(header(bytes))
        let offsets = Array(stride(from: 0, to: 1 << 16, by: 8)) + [1 << 33, (1 << 38) + place.offset]
        let fitting = offsets.filter { RecordCodec.isWhole(whole, bytes.bytes, at: $0) }
        #expect(fitting == [place.offset])
        for bit in 0..<64 {
            #expect(RecordHeader(bytes.bytes, tag: place.tag ^ 1 << bit, bytesMax: bytes.count) == nil)
        }
    }

    @Test func anythingCanBeReadWithoutHarm() {
        var random = SimulatedRandom(seed: 3)
        for _ in 0..<20_000 {
            var bytes = (0..<Int(random.next() % 120)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            // Most look like records in the first words.
            let tag: [UInt8] = [0xF0, 0xDE, 0xBC, 0x9A, 0x78, 0x56, 0x34, 0x12]
            for (place, byte) in (tag + [UInt8(bytes.count & 0xF8), 0, 0, 0]).enumerated()
            where place < bytes.count { bytes[place] = byte }
            if bytes.count > 19 { (bytes[17], bytes[18], bytes[19]) = (0, 0, 0) }
            let shared = SharedBytes(copying: bytes)
            guard let header = header(shared) else { continue }
            let record = shared.bytes.extracting(0..<header.recordBytes)
            for range in RecordCodec.messageRanges(header, record) ?? [] {
                #expect(range.upperBound <= header.recordBytes && range.lowerBound >= RecordHeader.byteCount)
            }
        }
    }

    @Test func segmentsHaveHeadsAndNames() throws {
        var buffer = WriteBuffer()
        let header = SegmentHeader(first: MessageSequence(rawValue: 77), term: 5, tag: 6, previous: 7)
        try header.encode(into: &buffer)
        let bytes = buffer.freeze()
        #expect(bytes.count == SegmentHeader.byteCount && SegmentHeader(bytes.bytes) == header)
        for cut in 0..<bytes.count { #expect(SegmentHeader(bytes.bytes.extracting(0..<cut)) == nil) }
        for place in 0..<bytes.count * 8 {
            var changed = bytes.span.indices.map { bytes[$0] }
            changed[place / 8] ^= 1 << (place % 8)
            #expect(SegmentHeader(SharedBytes(copying: changed).bytes) == nil)
        }
        for number in [1, 77, UInt64.max] {
            let name = SegmentHeader.name(MessageSequence(rawValue: number))
            #expect(SegmentHeader.first(inName: name)?.rawValue == number)
        }
        for name in ["lock", "1.zclog", "0000000000000000000x.zclog", "99999999999999999999.zclog"] {
            #expect(SegmentHeader.first(inName: name) == nil)
        }
    }
}
