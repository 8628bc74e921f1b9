import CZCNet
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Every kernel of this machine, and what the dispatch takes, against the table of the RFC.
@Suite struct UTF8KernelTests {
    /// Bytes on either side of every boundary in the table.
    static let edges: [UInt8] = [
        0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]

    @Test func thisMachineHasKernels() {
        #expect(UTF8Kernel.all.count >= 2)
        #expect(unsafe czcnet_utf8_variant_at(-1).name == nil)
    }

    @Test func allOfOneAndTwoBytes() {
        for first in UInt8.min...UInt8.max {
            #expect(UTF8Kernel.difference(on: [first]) == nil)
            for second in UInt8.min...UInt8.max {
                if let difference = UTF8Kernel.difference(on: [first, second]) {
                    Issue.record("\(difference)")
                }
            }
        }
    }

    /// First bytes of sequences of three: all in a release build. A debug build takes a few of those that
    /// lead nothing, which are in the same entries of every table.
    static let firstBytes: [UInt8] = {
        #if DEBUG
        return edges.filter { $0 < 0xC0 } + Array(0xC0...0xFF)
        #else
        return Array(0x00...0xFF)
        #endif
    }()

    /// All sequences of three bytes, across the edge of two vectors in a text of 64 bytes.
    @Test(arguments: UTF8Kernel.all.dropFirst())
    func allOfThreeBytes(_ kernel: UTF8Kernel) {
        let place = 30
        var memory = [UInt8](repeating: 0x61, count: 64)
        let rest = memory[(place + 3)...]
        // What the third byte and the rest come to depends on what the first two left open: few cases.
        var known: [NaiveUTF8: [Int]] = [:]
        var wrong = 0
        for first in Self.firstBytes {
            for second in UInt8.min...UInt8.max {
                var open = NaiveUTF8()
                let isFirstRight = open.feed(first)
                let isSecondRight = isFirstRight && open.feed(second)
                if known[open] == nil {
                    known[open] = (UInt8.min...UInt8.max).map { open.verdict(on: [$0] + rest).validBytes }
                }
                let after = known[open] ?? []
                memory[place] = first
                memory[place + 1] = second
                wrong += unsafe memory.withUnsafeMutableBufferPointer { bytes in
                    var wrong = 0
                    for third in 0..<256 {
                        unsafe bytes[place + 2] = UInt8(third)
                        var state: UInt32 = 0
                        let found = unsafe kernel.step(&state, UnsafePointer(bytes.baseAddress), 64)
                        let skipped = isSecondRight ? 2 : isFirstRight ? 1 : 0
                        let wanted = place + skipped + (isSecondRight ? after[third] : 0)
                        wrong += found == wanted && (state == 0) == (wanted == 64) ? 0 : 1
                    }
                    return wrong
                }
            }
        }
        #expect(wrong == 0)
        #expect(known.count == 9)
    }

    @Test func threeBytesAtTheEdgesCutEverywhere() {
        for first in Self.edges {
            for second in Self.edges {
                for third in Self.edges {
                    let difference = UTF8Kernel.difference(on: [first, second, third])
                    if let difference { Issue.record("\(difference)") }
                }
            }
        }
    }

    @Test func fourBytesAtTheEdges() {
        let continuations: [UInt8] = [0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
        let before = [UInt8](repeating: 0x61, count: 29)
        let after = [UInt8](repeating: 0x62, count: 20)
        for first in UInt8(0xEF)...0xFF {
            for second in continuations {
                for third in continuations {
                    for fourth in continuations {
                        let four = [first, second, third, fourth]
                        let within = before + four + after
                        let difference =
                            UTF8Kernel.difference(on: four) ?? UTF8Kernel.difference(on: within, cuts: false)
                        if let difference { Issue.record("\(difference)") }
                    }
                }
            }
        }
    }

    /// Every scalar value, 40 to a text, so that they stand at all places of a vector.
    @Test(arguments: UTF8Kernel.all.dropFirst())
    func everyScalarIsRight(_ kernel: UTF8Kernel) {
        var text: [UInt8] = []
        var scalars = 0
        func check() {
            let verdict = kernel.verdict([text[...]])
            #expect(verdict == .init(validBytes: text.count, isComplete: true), "up to scalar \(scalars)")
            text.removeAll(keepingCapacity: true)
        }
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            scalars += 1
            text.append(contentsOf: UTF8.encode(scalar) ?? .init())
            if scalars % 40 == 0 { check() }
        }
        check()
        #expect(scalars == 0x110000 - 0x800)
    }

    /// A wrong byte at every place of texts that end around the edges of blocks.
    @Test func aWrongByteAtEveryPlace() {
        let samples = ["plain ASCII text. ", "zażółć ", "日本語", "🙂🙃", "mixed ż 日 🙂 text, more of it. "]
        let lengths = [
            4, 8, 15, 16, 17, 31, 32, 33, 34, 35, 36, 63, 64, 65, 67, 95, 96, 99, 128, 131, 160, 200,
        ]
        for sample in samples {
            let endless = Array(String(repeating: sample, count: 60).utf8)
            for length in lengths {
                let text = Array(endless.prefix(length))
                if let difference = UTF8Kernel.difference(on: text) { Issue.record("\(difference)") }
                for place in 0..<length {
                    for fault: UInt8 in [0x61, 0x80, 0xBF, 0xC1, 0xC3, 0xE0, 0xED, 0xF4, 0xFF] {
                        var broken = text
                        broken[place] = fault
                        let difference = UTF8Kernel.difference(on: broken, cuts: false)
                        if let difference { Issue.record("\(difference)") }
                    }
                }
            }
        }
    }

    /// Texts of random characters, some with a random byte in a random place, in random pieces.
    @Test(arguments: UTF8Kernel.all)
    func randomTextInRandomPieces(_ kernel: UTF8Kernel) {
        for seed in UInt64(1)...800 {
            var random = SimulatedRandom(seed: seed)
            var bytes = random.text(bytes: Int.random(in: 0...300, using: &random))
            if !bytes.isEmpty, Bool.random(using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            var pieces: [ArraySlice<UInt8>] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 0...min(rest.count, 120), using: &random)
                pieces.append(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            let wanted = NaiveUTF8().verdict(on: bytes)
            #expect(kernel.verdict(pieces) == wanted, "seed \(seed) in pieces of \(pieces.map(\.count))")
            #expect(kernel.verdict([bytes[...]]) == wanted, "seed \(seed)")
        }
    }

    /// A sequence that is found wrong by nothing that follows, at the end of a text of every length.
    @Test func theLastByteIsJudgedAtOnce() {
        let endings: [[UInt8]] = [
            [0xC0], [0xC1], [0xF5], [0xFF], [0xE0, 0x80], [0xED, 0xA0], [0xF0, 0x8F], [0xF4, 0x90], [0x80],
            [0xC3], [0xE0], [0xE0, 0xA0], [0xF0, 0x9F, 0x99], [0xF4, 0x8F],
        ]
        for ending in endings {
            for length in 0...140 {
                let text = [UInt8](repeating: 0x61, count: length) + ending
                let dense = Array(String(repeating: "é", count: length / 2).utf8) + ending
                for bytes in [text, dense] {
                    let difference = UTF8Kernel.difference(on: bytes, cuts: false)
                    if let difference { Issue.record("\(difference)") }
                }
            }
        }
    }

    @Test(arguments: UTF8Kernel.all)
    func rejectionLasts(_ kernel: UTF8Kernel) {
        var state: UInt32 = 0
        let wrong: [UInt8] = [0x61, 0xFF, 0x61]
        let right = [UInt8](repeating: 0x61, count: 200)
        #expect(unsafe kernel.step(&state, wrong, 3) == 1)
        #expect(state == CZCNET_UTF8_REJECTED)
        for count in [0, 1, 16, 40, 200] {
            #expect(unsafe kernel.step(&state, right, count) == 0)
            #expect(state == CZCNET_UTF8_REJECTED)
        }
    }
}
