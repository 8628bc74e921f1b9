/// DEFLATE (RFC 1951), a bit at a time, and the framing of RFC 7692 7.2.2 around it: slow, and without zlib.
///
/// Codes are told apart by comparing each against a list. What zlib refuses beyond the RFC is refused here as
/// well: sets of codes that are incomplete, unless one code is all they have.
struct NaiveInflate {
    private let bytes: [UInt8]
    private var position = 0
    private var bitsTaken = 0
    private(set) var output: [UInt8] = []
    private let outputMax: Int

    private struct Invalid: Error {}
    private struct End: Error {}

    /// What a message inflates to; nil when it is none, or one of more than `outputMax` bytes.
    static func message(_ payload: [UInt8], outputMax: Int) -> [UInt8]? {
        var machine = NaiveInflate(payload + [0, 0, 0xFF, 0xFF], outputMax: outputMax)
        do {
            while true {
                let isFinal = try machine.block()
                if isFinal {
                    // RFC 7692 7.2.3.4: the next block begins with the next byte.
                    machine.align()
                    if machine.position == payload.count { return machine.output }
                }
                if machine.isAtEnd { return machine.output }
            }
        } catch {
            return nil
        }
    }

    private init(_ bytes: [UInt8], outputMax: Int) {
        self.bytes = bytes
        self.outputMax = outputMax
    }

    private var isAtEnd: Bool { position == bytes.count }

    private mutating func align() {
        if bitsTaken > 0 { (position, bitsTaken) = (position + 1, 0) }
    }

    private mutating func bit() throws -> Int {
        guard position < bytes.count else { throw End() }
        let bit = Int(bytes[position] >> UInt8(bitsTaken)) & 1
        bitsTaken += 1
        if bitsTaken == 8 { (position, bitsTaken) = (position + 1, 0) }
        return bit
    }

    private mutating func number(_ width: Int) throws -> Int {
        var value = 0
        for index in 0..<width { value |= try bit() << index }
        return value
    }

    private mutating func emit(_ byte: UInt8) throws {
        if output.count == outputMax { throw Invalid() }
        output.append(byte)
    }

    // MARK: Blocks

    /// One block; whether it says that it is the last.
    private mutating func block() throws -> Bool {
        let isFinal = try bit() == 1
        switch try number(2) {
        case 0: try stored()
        case 1:
            try compressed(
                try Codes(Self.fixedLengths, allowsOne: false),
                try Codes(Array(repeating: 5, count: 32), allowsOne: false))
        case 2:
            let (literals, distances) = try dynamicCodes()
            try compressed(literals, distances)
        default: throw Invalid()
        }
        return isFinal
    }

    private mutating func stored() throws {
        align()
        let count = try number(16)
        let complement = try number(16)
        guard count ^ 0xFFFF == complement else { throw Invalid() }
        for _ in 0..<count { try emit(UInt8(try number(8))) }
    }

    private mutating func compressed(_ literals: Codes, _ distances: Codes) throws {
        while true {
            let symbol = try self.symbol(literals)
            if symbol < 256 {
                try emit(UInt8(symbol))
            } else if symbol == 256 {
                return
            } else {
                try copy(symbol, distances)
            }
        }
    }

    private mutating func copy(_ symbol: Int, _ distances: Codes) throws {
        guard symbol < 286 else { throw Invalid() }
        let lengths = [
            3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
            163,
            195, 227, 258,
        ]
        let extra = symbol < 265 || symbol == 285 ? 0 : (symbol - 261) / 4
        let length = lengths[symbol - 257] + (try number(extra))
        let code = try self.symbol(distances)
        guard code < 30 else { throw Invalid() }
        let distanceExtra = code < 4 ? 0 : (code - 2) / 2
        let base = code < 4 ? code + 1 : (2 + code % 2) << distanceExtra + 1
        let distance = base + (try number(distanceExtra))
        guard distance <= output.count else { throw Invalid() }
        for _ in 0..<length { try emit(output[output.count - distance]) }
    }

    // MARK: Codes

    /// A set of prefix codes: for each symbol its length and code; length 0 is none.
    private struct Codes {
        var table: [[Int: Int]] = Array(repeating: [:], count: 16)

        init(_ lengths: [Int], allowsOne: Bool) throws {
            let used = lengths.filter { $0 > 0 }
            let filled = used.reduce(0) { $0 + 1 << (15 - $1) }
            let isSingle = allowsOne && used.allSatisfy { $0 == 1 }
            guard filled <= 1 << 15, filled == 1 << 15 || isSingle || used.isEmpty else { throw Invalid() }
            var code = 0
            for length in 1...15 {
                for (symbol, own) in lengths.enumerated() where own == length {
                    table[length][code] = symbol
                    code += 1
                }
                code <<= 1
            }
        }
    }

    private mutating func symbol(_ codes: Codes) throws -> Int {
        var code = 0
        for length in 1...15 {
            code = code << 1 | (try bit())
            if let symbol = codes.table[length][code] { return symbol }
        }
        throw Invalid()
    }

    private mutating func dynamicCodes() throws -> (Codes, Codes) {
        let literalCount = try number(5) + 257
        let distanceCount = try number(5) + 1
        let count = try number(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw Invalid() }
        var lengths = Array(repeating: 0, count: 19)
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        for index in 0..<count { lengths[order[index]] = try number(3) }
        let codes = try Codes(lengths, allowsOne: false)
        var all: [Int] = []
        while all.count < literalCount + distanceCount {
            switch try symbol(codes) {
            case 16:
                guard let last = all.last else { throw Invalid() }
                all += Array(repeating: last, count: 3 + (try number(2)))
            case 17: all += Array(repeating: 0, count: 3 + (try number(3)))
            case 18: all += Array(repeating: 0, count: 11 + (try number(7)))
            case let length: all.append(length)
            }
        }
        guard all.count == literalCount + distanceCount, all[256] != 0 else { throw Invalid() }
        return (
            try Codes(Array(all[..<literalCount]), allowsOne: true),
            try Codes(Array(all[literalCount...]), allowsOne: true)
        )
    }

    private static let fixedLengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
}
