import Testing

@testable import ZCNetWebSocket

@Suite struct FrameHeaderTests {
    static let server = FrameHeader.Rules(isMasked: true, allowsCompression: false, payloadBytesMax: 1 << 20)
    static let client = FrameHeader.Rules(isMasked: false, allowsCompression: false, payloadBytesMax: 1 << 20)
    static let deflate = FrameHeader.Rules(isMasked: true, allowsCompression: true, payloadBytesMax: 1 << 20)

    static func read(_ bytes: [UInt8], _ rules: FrameHeader.Rules = server) -> FrameHeader.Outcome {
        // A copy of the exact size, so that the address sanitizer sees any look beyond it.
        unsafe bytes.withUnsafeBufferPointer { memory in
            guard let start = memory.baseAddress else { return .incomplete }
            return unsafe FrameHeader.read(start, count: memory.count, rules)
        }
    }

    /// Header bytes, written without the code under test.
    static func header(_ first: UInt8, length: Int, form: Int, key: [UInt8]? = [1, 2, 3, 4]) -> [UInt8] {
        let mask: UInt8 = key == nil ? 0 : 0x80
        var bytes: [UInt8] = [first]
        switch form {
        case 0: bytes.append(UInt8(length) | mask)
        case 2: bytes += [126 | mask, UInt8(length >> 8), UInt8(length & 0xFF)]
        default:
            bytes.append(127 | mask)
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(length >> shift & 0xFF)) }
        }
        return bytes + (key ?? [])
    }

    @Test(arguments: [(0, 0), (1, 0), (125, 0), (126, 2), (127, 2), (65_535, 2), (65_536, 8), (1 << 20, 8)])
    func everyFormIsReadAndIncompleteBefore(length: Int, form: Int) throws {
        for (rules, key) in [(Self.server, [UInt8]([9, 8, 7, 6])), (Self.client, nil)]
            as [(FrameHeader.Rules, [UInt8]?)]
        {
            let bytes = Self.header(0x82, length: length, form: form, key: key)
            for cut in 0..<bytes.count {
                #expect(Self.read(Array(bytes[..<cut]), rules) == .incomplete, "cut at \(cut)")
            }
            guard case .header(let header) = Self.read(bytes + [0xFF], rules) else {
                Issue.record("expected a header of \(length) bytes, got \(Self.read(bytes, rules))")
                continue
            }
            #expect(header.payloadBytes == length)
            #expect(header.headerBytes == bytes.count)
            #expect(header.isFinal && !header.isCompressed && header.opcodeBits == 2)
            #expect(header.key == (key == nil ? 0 : UInt32(0x0607_0809)))
        }
    }

    @Test(arguments: 0..<256)
    func firstBytesObeyTheirRules(first: Int) {
        let bytes = Self.header(UInt8(first), length: 5, form: 0)
        let opcode = first & 15
        let isKnown = [0, 1, 2, 8, 9, 10].contains(opcode)
        let isWhole = opcode < 8 || first & 0x80 != 0
        let hasNoReserved = first & 0x70 == 0
        let isValid = isKnown && isWhole && hasNoReserved
        #expect(Self.isHeader(Self.read(bytes)) == isValid)
        // Known from the first byte alone.
        #expect(Self.isInvalid(Self.read([UInt8(first)])) == !isValid)
        // RFC 7692 6: RSV1 is for the first frame of a data message.
        let allowsRSV1 = opcode == 1 || opcode == 2
        let isValidCompressed = isKnown && isWhole && first & (allowsRSV1 ? 0x30 : 0x70) == 0
        #expect(Self.isHeader(Self.read(bytes, Self.deflate)) == isValidCompressed)
    }

    @Test func lengthsAreInTheirShortestForm() {
        #expect(Self.code(Self.read(Self.header(0x82, length: 125, form: 2))) == .protocolError)
        #expect(Self.code(Self.read(Self.header(0x82, length: 0, form: 2))) == .protocolError)
        #expect(Self.code(Self.read(Self.header(0x82, length: 65_535, form: 8))) == .protocolError)
        #expect(Self.code(Self.read(Self.header(0x82, length: 1, form: 8))) == .protocolError)
    }

    @Test func aLengthWithTheHighestBitIsRefused() {
        let bytes: [UInt8] = [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]
        #expect(Self.code(Self.read(bytes)) == .protocolError)
    }

    @Test func whatIsTooLongIsRefusedByItsHeader() {
        #expect(Self.code(Self.read(Self.header(0x82, length: 1 << 20 + 1, form: 8))) == .messageTooBig)
        // 2^62 bytes are refused before the masking key has come.
        #expect(Self.code(Self.read([0x82, 0xFF, 0x40, 0, 0, 0, 0, 0, 0, 0])) == .messageTooBig)
    }

    @Test(arguments: [8, 9, 10])
    func controlFramesAreShort(opcode: Int) {
        #expect(Self.isHeader(Self.read(Self.header(0x80 | UInt8(opcode), length: 125, form: 0))))
        #expect(
            Self.code(Self.read(Self.header(0x80 | UInt8(opcode), length: 126, form: 2))) == .protocolError)
    }

    @Test func masksGoOneWay() {
        let unmasked = Self.header(0x81, length: 3, form: 0, key: nil)
        let masked = Self.header(0x81, length: 3, form: 0)
        #expect(Self.code(Self.read(unmasked)) == .protocolError)
        #expect(Self.code(Self.read(masked, Self.client)) == .protocolError)
        #expect(Self.code(Self.read(Array(unmasked[..<2]))) == .protocolError)
    }

    static func isHeader(_ outcome: FrameHeader.Outcome) -> Bool {
        if case .header = outcome { true } else { false }
    }

    static func isInvalid(_ outcome: FrameHeader.Outcome) -> Bool { code(outcome) != nil }

    static func code(_ outcome: FrameHeader.Outcome) -> WebSocketCloseCode? {
        if case .invalid(let error) = outcome { error.code } else { nil }
    }
}
