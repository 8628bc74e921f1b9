/// Makes inputs from inputs: flips, splices, insertions of interesting lengths and words, repetitions, cuts.
struct Mutator {
    let words: [[UInt8]]
    let bytesMax: Int

    /// Bytes at which something changes in the formats under test.
    private static let edges: [UInt8] = [
        0, 1, 2, 7, 9, 10, 13, 31, 32, 34, 44, 58, 59, 124, 125, 126, 127, 128, 129, 0x88, 0x89, 0xC1, 0xED,
        0xF4, 254, 255,
    ]
    /// Lengths at which something changes, as integers in network byte order.
    private static let lengths: [UInt64] = [
        0, 1, 125, 126, 127, 128, 255, 256, 65_535, 65_536, 1 << 20, 1 << 31, 1 << 32, 1 << 62, 1 << 63, .max,
    ]

    /// `input` after a few changes, cut to the largest size.
    func mutate(_ input: [UInt8], with other: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
        var bytes = input
        for _ in 0...random.below(4) { change(&bytes, other, &random) }
        if bytes.count > bytesMax { bytes.removeSubrange(bytesMax...) }
        return bytes
    }

    private func change(_ bytes: inout [UInt8], _ other: [UInt8], _ random: inout FuzzRandom) {
        let place = random.below(bytes.count + 1)
        let end = min(bytes.count, place + 1 + random.below(random.oneIn(4) ? 200 : 8))
        switch random.below(13) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
        case 1 where place < bytes.count: bytes[place] = random.pick(Self.edges)
        case 2 where place < bytes.count: bytes[place] = random.byte()
        case 3: bytes.insert(random.pick(Self.edges), at: place)
        case 4: bytes.insert(contentsOf: length(&random), at: place)
        case 5: overwrite(&bytes, at: place, with: length(&random))
        case 6 where !words.isEmpty: bytes.insert(contentsOf: random.pick(words), at: place)
        case 7 where !words.isEmpty: overwrite(&bytes, at: place, with: random.pick(words))
        case 8: bytes.removeSubrange(place..<end)
        case 9: repeatPart(&bytes, place..<end, &random)
        case 10: bytes.removeSubrange(place...)
        case 11: splice(&bytes, other, place, &random)
        default: move(&bytes, place..<end, &random)
        }
    }

    private func length(_ random: inout FuzzRandom) -> [UInt8] {
        let value = random.pick(Self.lengths)
        let width = random.pick([1, 2, 4, 8])
        return (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64((width - 1 - $0) * 8)) }
    }

    private func overwrite(_ bytes: inout [UInt8], at place: Int, with word: [UInt8]) {
        let end = min(bytes.count, place + word.count)
        bytes.replaceSubrange(place..<end, with: word)
    }

    private func repeatPart(_ bytes: inout [UInt8], _ range: Range<Int>, _ random: inout FuzzRandom) {
        let part = Array(bytes[range])
        guard !part.isEmpty else { return }
        let times = 1 + random.below(random.oneIn(8) ? bytesMax / part.count + 1 : 6)
        let room = max(0, bytesMax - bytes.count)
        let copies = (0..<times).flatMap { _ in part }.prefix(room)
        bytes.insert(contentsOf: copies, at: range.upperBound)
    }

    /// The beginning of one, the end of another.
    private func splice(_ bytes: inout [UInt8], _ other: [UInt8], _ place: Int, _ random: inout FuzzRandom) {
        let from = random.below(other.count + 1)
        if random.oneIn(2) { bytes.removeSubrange(place...) }
        bytes.insert(contentsOf: other[from...], at: min(place, bytes.count))
    }

    private func move(_ bytes: inout [UInt8], _ range: Range<Int>, _ random: inout FuzzRandom) {
        let part = bytes[range]
        bytes.removeSubrange(range)
        bytes.insert(contentsOf: part, at: random.below(bytes.count + 1))
    }
}
