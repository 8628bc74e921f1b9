import ZCNet
import ZCNetTesting

/// A file of the simulated disk: what the platter has, what the page cache shows, and what the cache still
/// means to write.
///
/// The three part ways as they do on Linux. A write is in the cache at once, and on the platter in any of its
/// sectors at any time. A sync writes what is pending. A sync that fails writes some of it and forgets the
/// rest: the cache shows it, the platter has it not, and nothing is pending any more. The length is pending
/// and forgotten like a sector.
package struct SimulatedContent {
    package static let sectorBytes = 512

    enum Change {
        case write(at: Int, [UInt8])
        case length(Int)
    }

    package private(set) var durable: [UInt8] = []
    package private(set) var current: [UInt8] = []
    private var pending: [Change] = []
    /// Whether the cache may show what the platter has not, with nothing pending.
    private(set) var isForgetful = false

    init() {}

    /// A file whose bytes are durable.
    init(_ bytes: [UInt8]) {
        durable = bytes
        current = bytes
    }

    mutating func write(_ bytes: [UInt8], at offset: Int) {
        Self.put(bytes[...], at: offset, into: &current)
        pending.append(.write(at: offset, bytes))
    }

    mutating func setLength(_ count: Int) {
        // Why: a change of length to what it is, is none.
        if count == current.count { return }
        Self.setLength(count, of: &current)
        pending.append(.length(count))
    }

    mutating func sync() {
        if isForgetful {
            for change in pending { Self.apply(change, to: &durable) }
        } else {
            durable = current
        }
        pending = []
    }

    /// A sync that fails: some of what is pending is written, and the rest forgotten.
    mutating func failSync(_ random: inout SimulatedRandom) {
        durable = survivors(&random)
        pending = []
        isForgetful = true
    }

    /// What is pending is there in part, and the cache is gone.
    mutating func losePower(_ random: inout SimulatedRandom) {
        if !pending.isEmpty { durable = survivors(&random) }
        self = SimulatedContent(durable)
    }

    /// The cache drops sectors that it takes for written, and reads them again.
    mutating func evict(_ random: inout SimulatedRandom) {
        guard isForgetful else { return }
        for start in stride(from: 0, to: current.count, by: Self.sectorBytes) where random.next() % 3 == 0 {
            let end = min(start + Self.sectorBytes, current.count)
            var sector = Array(durable.dropFirst(start).prefix(end - start))
            while sector.count < end - start { sector.append(0) }
            current.replaceSubrange(start..<end, with: sector)
        }
        for case .write(let offset, let bytes) in pending {
            Self.put(bytes.prefix(max(0, current.count - offset)), at: offset, into: &current)
        }
    }

    /// The cache drops the whole file, which nobody has open, if nothing of it is pending.
    mutating func forget() { if pending.isEmpty { self = SimulatedContent(durable) } }

    /// Changes bytes behind everybody's back, on the platter and in the cache.
    mutating func decay(_ body: (inout [UInt8]) -> Void) {
        body(&current)
        body(&durable)
    }

    /// The platter's bytes after some of what is pending was written.
    private func survivors(_ random: inout SimulatedRandom) -> [UInt8] {
        var bytes = durable
        var lengths = [durable.count]
        let mode = random.next() % 5
        let last = mode == 3 ? Int(random.next() % UInt64(pending.count + 1)) : pending.count
        for (index, change) in pending.prefix(last + 1).enumerated() {
            let survives = mode != 0 && index <= last && (mode != 4 || random.next() % 2 == 0)
            lengths.append(change.length(after: lengths[lengths.count - 1]))
            guard survives else { continue }
            // Of the last change of a prefix, and of each where chance rules, sectors come through or not.
            let isTorn = mode == 2 || (mode == 3 && index == last)
            guard isTorn, case .write(let offset, let written) = change else {
                if !isTorn || random.next() % 2 == 0 { Self.apply(change, to: &bytes, filler(&random)) }
                continue
            }
            var start = 0
            while start < written.count {
                let end = min(
                    written.count, ((offset + start) / Self.sectorBytes + 1) * Self.sectorBytes - offset)
                if random.next() % 2 == 0 {
                    Self.put(written[start..<end], at: offset + start, into: &bytes, filler(&random))
                }
                start = end
            }
        }
        // The length is written apart from the sectors.
        if random.next() % 4 == 0 {
            let length = lengths[Int(random.next() % UInt64(lengths.count))]
            Self.setLength(length, of: &bytes, filler(&random))
        }
        return bytes
    }

    /// What a sector that was never written has.
    private func filler(_ random: inout SimulatedRandom) -> UInt8 {
        [0, 0, 0xDB, UInt8(truncatingIfNeeded: random.next())][Int(random.next() % 4)]
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8], _ filler: UInt8 = 0) {
        switch change {
        case .write(let offset, let written): put(written[...], at: offset, into: &bytes, filler)
        case .length(let count): setLength(count, of: &bytes)
        }
    }

    private static func put(
        _ written: ArraySlice<UInt8>, at offset: Int, into bytes: inout [UInt8], _ filler: UInt8 = 0
    ) {
        if bytes.count < offset { setLength(offset, of: &bytes, filler) }
        bytes.replaceSubrange(offset..<min(bytes.count, offset + written.count), with: written)
    }

    private static func setLength(_ count: Int, of bytes: inout [UInt8], _ filler: UInt8 = 0) {
        if count < bytes.count {
            bytes.removeLast(bytes.count - count)
        } else if count > bytes.count {
            bytes.append(contentsOf: repeatElement(filler, count: count - bytes.count))
        }
    }
}

extension SimulatedContent.Change {
    /// The file's length after the change.
    fileprivate func length(after length: Int) -> Int {
        switch self {
        case .write(let offset, let bytes): max(length, offset + bytes.count)
        case .length(let count): count
        }
    }
}
