import Testing
import ZCNet
import ZCNetTesting

@testable import ZCGoim

/// The codec against a naive one: bytes that are known, cut anywhere, broken, and random.
@Suite struct GoimDecoderTests {
    private static let protos = [
        NaiveProto(7, 1, "{\"mid\":1}"), NaiveProto(2, 2), NaiveProto(1000, -1, "quote"),
        NaiveProto(Int32.min, Int32.max, [0, 255, 16]), NaiveProto(4, 0, [UInt8](repeating: 7, count: 4096)),
    ]

    /// The protos in a stream, how far they reach, and what ended them.
    private static func decode(
        _ bytes: [UInt8], _ format: GoimHeaderFormat = .plain
    ) -> (protos: [NaiveProto], position: Int, error: GoimError?) {
        lend(bytes) { chunk in
            let decoder = GoimDecoder(format)
            var protos: [NaiveProto] = []
            var position = 0
            do throws(GoimError) {
                while let proto = try decoder.next(in: chunk, at: &position) {
                    protos.append(NaiveProto(proto))
                }
                return (protos, position, nil)
            } catch {
                return (protos, position, error)
            }
        }
    }

    @Test func aKnownProtoHasKnownBytes() {
        let message = GoimMessage(
            GoimHeader(.authenticate, sequence: 258, version: 1), body: SharedBytes("ab".utf8))
        let bytes: [UInt8] = [0, 0, 0, 18, 0, 16, 0, 1, 0, 0, 0, 7, 0, 0, 1, 2, 97, 98]
        #expect(message.encoded().array == bytes)
        let extended = GoimHeader(.raw, sequence: -2, version: 3, roomID: 1 << 40, userID: -1)
        #expect(
            GoimMessage(extended, body: SharedBytes()).encoded(.extended).array
                == [0, 0, 0, 32, 0, 32, 0, 3, 0, 0, 0, 9, 255, 255, 255, 254]
                + [0, 0, 1, 0, 0, 0, 0, 0] + [UInt8](repeating: 255, count: 8))
    }

    @Test(arguments: GoimHeaderFormat.allCases) func whatIsWrittenIsRead(_ format: GoimHeaderFormat) throws {
        var bytes: [UInt8] = []
        for (index, proto) in Self.protos.enumerated() {
            var proto = proto
            if format == .extended { (proto.room, proto.user) = (Int64(index), Int64.min) }
            var buffer = WriteBuffer(limit: 8192)
            let body = SharedBytes(copying: proto.body)
            try buffer.append(proto.header, body: body.bytes, format)
            let written = buffer.freeze().array
            #expect(written == proto.bytes(format))
            #expect(written == GoimMessage(proto.header, body: body).encoded(format).array)
            bytes += written
        }
        let found = Self.decode(bytes, format)
        #expect(found.protos.map(\.body) == Self.protos.map(\.body))
        #expect(found.protos.map(\.operation) == Self.protos.map(\.operation))
        #expect(found.position == bytes.count && found.error == nil)
        if format == .extended { #expect(found.protos.map(\.room) == [0, 1, 2, 3, 4]) }
    }

    @Test(arguments: GoimHeaderFormat.allCases)
    func aStreamCutAnywhereShowsWholeProtosOnly(_ format: GoimHeaderFormat) {
        let protos = Array(Self.protos.prefix(4))
        let bytes = protos.flatMap { $0.bytes(format) }
        var ends = [0]
        for proto in protos { ends.append((ends.last ?? 0) + proto.bytes(format).count) }
        for cut in 0...bytes.count {
            let found = Self.decode(Array(bytes[..<cut]), format)
            let whole = ends.count { $0 <= cut } - 1
            #expect(found.protos == Array(protos.prefix(whole)), "cut at \(cut)")
            #expect(found.position == ends[whole] && found.error == nil, "cut at \(cut)")
        }
    }

    @Test(arguments: [0, -1, 15, 4113, Int32.max, Int32.min] as [Int32])
    func aPackLengthOutOfRangeIsRefusedAtOnce(_ length: Int32) {
        var bytes = NaiveProto(2, 1).bytes()
        bytes.replaceSubrange(0..<4, with: (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - $0 * 8)) })
        for cut in 4...bytes.count {
            let error = Self.decode(Array(bytes[..<cut])).error
            #expect(error?.code == .packLength, "cut at \(cut)")
            #expect(error?.description == "expected a packLen of 16 to 4112, got \(length)")
        }
        #expect(Self.decode(Array(bytes[..<3])).error == nil)
    }

    @Test(arguments: [0, 15, 17, 32, -16] as [Int16])
    func aHeaderLengthOfAnotherFormatIsRefused(_ length: Int16) {
        var bytes = NaiveProto(2, 1).bytes()
        bytes[4] = UInt8(truncatingIfNeeded: length >> 8)
        bytes[5] = UInt8(truncatingIfNeeded: length)
        let error = Self.decode(bytes).error
        #expect(error?.code == .headerLength)
        #expect(error?.description == "expected a headerLen of 16, got \(length)")
    }

    @Test func aFrameIsExactlyOneProto() throws {
        func whole(_ bytes: [UInt8]) throws -> NaiveProto {
            try lend(bytes) { NaiveProto(try GoimDecoder().whole($0)) }
        }
        let proto = NaiveProto(1000, 5, "body")
        #expect(try whole(proto.bytes()) == proto)
        var claiming = proto.bytes()
        claiming[2...3] = [1, 44]
        #expect(throws: GoimError(.frame, expected: "a packLen of 20, as long as the frame", got: "300")) {
            try whole(claiming)
        }
        #expect(throws: GoimError(.frame, expected: "a packLen of 23, as long as the frame", got: "20")) {
            try whole(proto.bytes() + [1, 2, 3])
        }
        for cut in 0..<16 {
            #expect(
                throws: GoimError(.frame, expected: "a header of 16 bytes", got: "a frame of \(cut)")
            ) { try whole(Array(proto.bytes()[..<cut])) }
        }
        for cut in 16..<20 { #expect(throws: GoimError.self) { try whole(Array(proto.bytes()[..<cut])) } }
    }

    @Test func aBatchIsARowOfWholeProtos() throws {
        func unpack(_ bytes: [UInt8]) throws -> [NaiveProto] {
            try lend(bytes) { chunk in
                var batch = GoimBatch(chunk)
                var found: [NaiveProto] = []
                while let proto = try batch.next() { found.append(NaiveProto(proto)) }
                return found
            }
        }
        let protos = [NaiveProto(1000, 1, "a"), NaiveProto(1001, 2), NaiveProto(1000, 3, "ccc")]
        let bytes = protos.flatMap { $0.bytes() }
        #expect(try unpack(bytes) == protos)
        #expect(try unpack([]) == [])
        let ends: Set = [0, 17, 33, 52]
        for cut in 0...bytes.count where !ends.contains(cut) {
            #expect(throws: GoimError.self, "cut at \(cut)") { try unpack(Array(bytes[..<cut])) }
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>) func randomBytesAreReadAsNaively(_ seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        for round in 0..<300 {
            let format = GoimHeaderFormat.allCases.randomElement(using: &random) ?? .plain
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                var proto = NaiveProto(
                    Int32(truncatingIfNeeded: random.next()), Int32(truncatingIfNeeded: random.next()),
                    (0..<Int.random(in: 0...40, using: &random)).map { UInt8(truncatingIfNeeded: $0) })
                proto.version = Int16(truncatingIfNeeded: random.next())
                if format == .extended {
                    proto.room = Int64(bitPattern: random.next())
                    proto.user = Int64(bitPattern: random.next())
                }
                bytes += proto.bytes(format)
            }
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8(
                    truncatingIfNeeded: random.next())
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
            check(bytes, format, "seed \(seed), round \(round)")
        }
    }

    private func check(_ bytes: [UInt8], _ format: GoimHeaderFormat, _ comment: Comment) {
        let found = Self.decode(bytes, format)
        var rest = bytes[...]
        var expected: [NaiveProto] = []
        while case .proto(let proto, let count) = NaiveProto.read(rest, format) {
            expected.append(proto)
            rest = rest.dropFirst(count)
        }
        #expect(found.protos == expected, comment)
        #expect(found.position == bytes.count - rest.count, comment)
        #expect((found.error != nil) == (NaiveProto.read(rest, format) == .broken), comment)
        let whole = try? lend(bytes) { chunk in NaiveProto(try GoimDecoder(format).whole(chunk)) }
        let isWhole = expected.count == 1 && rest.isEmpty
        #expect(whole == (isWhole ? expected[0] : nil), comment)
    }
}
