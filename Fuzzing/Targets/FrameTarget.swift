import ZCNet
import ZCNetWebSocket

/// Heads of frames: a verdict stays the same with more bytes behind it, nothing beyond the bytes is looked
/// at, and what was read is what is written.
struct FrameTarget: FuzzTarget {
    let name = "frame"
    let bytesMax = 32

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let maker = FrameMaker(isMasked: random.oneIn(2), payloadBytesMax: random.pick([4, 130, 70_000]))
        return Array(maker.message(&random).prefix(bytesMax))
    }

    func check(_ input: [UInt8]) throws -> String {
        var outcomes = ""
        for isMasked in [true, false] {
            for allowsCompression in [true, false] {
                for payloadBytesMax in [125, 1 << 16, Int.max] {
                    let rules = FrameHeader.Rules(
                        isMasked: isMasked, allowsCompression: allowsCompression,
                        payloadBytesMax: payloadBytesMax)
                    outcomes += try check(input, rules)
                }
            }
        }
        return outcomes
    }

    private func check(_ input: [UInt8], _ rules: FrameHeader.Rules) throws -> String {
        var verdict = FrameHeader.Outcome.incomplete
        for count in 0...input.count {
            let next = unsafe withExactMemory(input[..<count]) { memory in
                guard let base = memory.baseAddress else { return FrameHeader.Outcome.incomplete }
                return unsafe FrameHeader.read(
                    UnsafePointer(base.assumingMemoryBound(to: UInt8.self)), count: count, rules)
            }
            if verdict != .incomplete {
                try expect(next == verdict, "the same verdict with \(count) bytes: \(verdict), got \(next)")
            } else if case .header(let header) = next {
                try checkHeader(header, input, count, rules)
            }
            verdict = next
        }
        switch verdict {
        case .incomplete: return "-"
        case .header(let header): return "h\(header.headerBytes)"
        case .invalid(let error): return outline("\(error)")
        }
    }

    private func checkHeader(
        _ header: FrameHeader, _ input: [UInt8], _ count: Int, _ rules: FrameHeader.Rules
    ) throws {
        try expect(
            header.headerBytes == count, "a header as soon as it is there: \(header), with \(count) bytes")
        try expect(header.payloadBytes <= rules.payloadBytesMax, "a payload within the limit: \(header)")
        let key = rules.isMasked ? header.key : nil
        let written = FrameHead.make(first: header.first, count: header.payloadBytes, key: key)
        let bytes = (0..<written.count).map { written.byte(at: $0) }
        try expect(
            bytes == Array(input[..<count]), "the bytes that were read when written again, got \(bytes)")
    }
}
