#if TLS
/// An input that says which records are sealed, and what becomes of the stream: an operation, and what it
/// takes, after the other. What cannot be said to its end is passed over.
struct RecordScript {
    private var rest: ArraySlice<UInt8>
    /// What the records of data hold, in turn.
    private(set) var data: [UInt8] = []
    /// Whether the stream is as it was sealed, and says what the rules allow.
    private(set) var isHonest = true

    init(_ input: ArraySlice<UInt8>) { rest = input }

    private mutating func next() -> Int { Int(rest.popFirst() ?? 0) }

    private mutating func take(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// The stream that it comes to.
    mutating func play(_ forger: Forger) -> [UInt8] {
        var stream: [UInt8] = []
        while !rest.isEmpty && stream.count < 200_000 { change(&stream, forger) }
        return stream
    }

    private mutating func change(_ stream: inout [UInt8], _ forger: Forger) {
        switch next() % 10 {
        case 0, 1, 2:
            let (high, low) = (next(), next())
            seal(high < 200 ? low : (high << 8 | low) % 16385, &stream, forger)
        case 3: stream += forger.updateKeys(UInt8(next() & 1))
        case 4:
            // Any type and any content, alerts and pieces of messages among them.
            let type = [21, 22, 22, 23, 20, 24, 0, 255][next() % 8]
            let content = take(next() % 40)
            if type == 23 { data += content }
            stream += forger.seal(UInt8(type), content)
            isHonest = false
        case 5:
            let (content, padding) = (next() % 100, next() << (next() % 8))
            let bytes = makeData(content)
            stream += forger.seal(
                0, bytes + [23] + [UInt8](repeating: 0, count: min(padding, 16383 - content)))
        case 6:
            stream += take(next() % 16)
            isHonest = false
        case 7:
            guard !stream.isEmpty else { return }
            stream[(next() << 8 | next()) % stream.count] ^= UInt8(next())
            isHonest = false
        case 8:
            stream.removeLast(min(stream.count, next()))
            isHonest = false
        default:
            // A message of many pieces, some of them empty.
            let message: [UInt8] = [24, 0, 0, 1, UInt8(next() & 1)]
            let cut = next() % 6
            stream += forger.seal(22, Array(message[..<cut])) + forger.seal(22, Array(message[cut...]))
            isHonest = false
        }
    }

    private mutating func makeData(_ count: Int) -> [UInt8] {
        // Empty records are allowed, and many of them are not.
        if count == 0 { isHonest = false }
        let start = data.count
        data += (start..<start + count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        return Array(data[start...])
    }

    private mutating func seal(_ count: Int, _ stream: inout [UInt8], _ forger: Forger) {
        stream += forger.seal(23, makeData(count))
    }
}
#endif
