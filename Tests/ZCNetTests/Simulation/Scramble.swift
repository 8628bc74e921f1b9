import Glibc

@testable import ZCNet

/// A record layer for tests: a length, scrambled bytes that no two records scramble alike, and a sum over
/// them. Length 0 ends the stream, `heckle` asks for an answer.
struct Scramble: ByteTransform, ~Copyable {
    static let bodyBytesMax = 700
    static let heckle = 0xFFFE
    static let retort: [UInt8] = [0xAA]

    private var received: UInt64 = 0
    private var sent: UInt64 = 0
    private var hasEnded = false
    private var hasFailed = false
    private var owed: [UInt8] = []
    /// Whether nothing can be sealed.
    private let isBroken: Bool
    /// Whether nothing is made of what is to be sealed behind a failure, as TLS 1.2 has it.
    private let fallsSilent: Bool

    init(isBroken: Bool = false, fallsSilent: Bool = false) {
        self.isBroken = isBroken
        self.fallsSilent = fallsSilent
    }

    var recordBytesMax: Int { Self.bodyBytesMax + 3 }

    private static func key(_ record: UInt64, _ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: record &* 37 &+ UInt64(index) &* 11 &+ 5)
    }

    mutating func open(_ bytes: UnsafeMutableRawBufferPointer, behind opened: Int) -> OpenedBytes {
        var (end, position) = (opened, opened)
        var outcome = OpenedBytes.Outcome.open
        while bytes.count - position >= 2, !hasEnded, !hasFailed {
            let count = unsafe Int(bytes[position]) << 8 | Int(bytes[position + 1])
            if count == 0 {
                (hasEnded, outcome) = (true, .peerEnded)
            } else if count == Self.heckle {
                owed += Self.retort
                position += 2
            } else if count > Self.bodyBytesMax {
                hasFailed = true
            } else {
                guard bytes.count - position >= count + 3 else { break }
                var sum: UInt8 = 0
                for index in 0..<count {
                    let byte = unsafe bytes[position + 2 + index]
                    sum &+= byte
                    unsafe bytes[end + index] = byte ^ Self.key(received, index)
                }
                hasFailed = unsafe bytes[position + 2 + count] != sum
                received += 1
                position += count + 3
                if !hasFailed { end += count }
            }
        }
        if hasFailed {
            outcome = .failed(CloseReason(.protocolError(ProtocolRule("a record's sum is right"))))
        }
        let isOver = hasEnded || hasFailed
        var result = OpenedBytes(end: end, unopened: isOver ? 0 : bytes.count - position)
        (result.owesAnswer, result.outcome) = (!owed.isEmpty, outcome)
        return result
    }

    func sealedBytesMax(of count: Int) -> Int { count + 3 * (count / Self.bodyBytesMax + 1) }

    mutating func seal(_ pieces: IOVectors, into room: UnsafeMutableRawBufferPointer) -> Int? {
        if isBroken { return nil }
        if fallsSilent && hasFailed { return 0 }
        var plain: [UInt8] = []
        for index in 0..<pieces.count {
            let piece = unsafe pieces.base[index]
            unsafe plain += UnsafeRawBufferPointer(start: piece.iov_base, count: piece.iov_len)
        }
        let made = Self.sealed(plain[...], from: &sent)
        unsafe room.copyBytes(from: made)
        return made.count
    }

    mutating func answer(into room: UnsafeMutableRawBufferPointer) -> Int {
        let words = owed.flatMap { Self.sealed([$0], from: &sent) }
        owed = []
        unsafe room.copyBytes(from: words)
        return words.count
    }

    mutating func sealEnd(into room: UnsafeMutableRawBufferPointer) -> Int {
        if hasFailed {
            let words = Self.sealed([0xEE], from: &sent)
            unsafe room.copyBytes(from: words)
            return words.count
        }
        unsafe room.copyBytes(from: [0, 0])
        return 2
    }

    mutating func streamEnded() -> CloseReason? {
        hasEnded || hasFailed ? nil : CloseReason(.protocolError(ProtocolRule("the end is said")))
    }

    // MARK: The peer's side

    /// The records of some bytes, from record `number` on.
    static func sealed(_ bytes: ArraySlice<UInt8>, from number: inout UInt64) -> [UInt8] {
        var made: [UInt8] = []
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.prefix(bodyBytesMax)
            rest = rest.dropFirst(part.count)
            let body = part.enumerated().map { $1 ^ key(number, $0) }
            made += [UInt8(part.count >> 8), UInt8(truncatingIfNeeded: part.count)]
            made += body + [body.reduce(0, &+)]
            number += 1
        }
        return made
    }

    /// What a stream of records holds, whether its end was said, and whether all was right.
    static func opened(_ stream: [UInt8]) -> (bytes: [UInt8], isEnded: Bool, isRight: Bool) {
        var bytes: [UInt8] = []
        var (position, number): (Int, UInt64) = (0, 0)
        while stream.count - position >= 2 {
            let count = Int(stream[position]) << 8 | Int(stream[position + 1])
            if count == 0 { return (bytes, true, position + 2 == stream.count) }
            guard stream.count - position >= count + 3 else { break }
            let body = stream[(position + 2)..<(position + 2 + count)]
            if body.reduce(0, &+) != stream[position + 2 + count] { return (bytes, false, false) }
            bytes += body.enumerated().map { $1 ^ key(number, $0) }
            number += 1
            position += count + 3
        }
        return (bytes, false, true)
    }
}

extension Connection {
    /// Has everything from here on scrambled, or nothing that can be where the scrambler is broken.
    func scramble(isBroken: Bool = false, fallsSilent: Bool = false) {
        base.install(Scramble(isBroken: isBroken, fallsSilent: fallsSilent))
    }
}
