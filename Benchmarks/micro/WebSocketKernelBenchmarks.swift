import BenchmarkSupport
import Glibc
import ZCNetWebSocket

/// What the passes over a WebSocket payload cost beside `memcpy` of as many bytes, and beside the loops that
/// one writes first.
func webSocketKernelBenchmarks(_ options: ReportOptions) -> [Comparison] {
    [16, 125, 512, 16384].flatMap { count in
        let bench = unsafe KernelBench(count: count, repetitions: options.repetitions(15))
        defer { unsafe bench.free() }
        let ascii = "The quick brown fox jumps over the lazy dog, and over the fence. "
        let mixed = "Zażółć gęślą jaźń, 日本語のテキスト, and a smile 🙂 in plain text. "
        return unsafe bench.compareMasking() + bench.compareUTF8("ASCII", ascii)
            + bench.compareUTF8("mixed", mixed)
    }
}

/// A pass over the first place that may write to the second; answers something that depends on it.
private typealias Pass = (_ source: UnsafeMutableRawBufferPointer, _ target: UnsafeMutableRawPointer) -> Int

/// The same whatever is masked; no byte of it is zero.
private let key: UInt32 = 0x5A17_C3E9

/// Two places of one size, which stay in the nearest caches.
@unsafe
private struct KernelBench {
    private let source: UnsafeMutableRawBufferPointer
    private let target: UnsafeMutableRawPointer
    private let rounds: Int
    private let repetitions: Int

    init(count: Int, repetitions: Int) {
        unsafe self.repetitions = repetitions
        unsafe source = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
        unsafe target = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
        unsafe rounds = 1_000_000 / (count + 100)
        unsafe fill("masked text. ")
    }

    func free() {
        unsafe source.deallocate()
        unsafe target.deallocate()
    }

    /// Repeats the text, and ends in ASCII where a character would be cut.
    private func fill(_ text: String) {
        let bytes = Array(text.utf8)
        for index in unsafe source.indices { unsafe source[index] = bytes[index % bytes.count] }
        var end = unsafe source.count
        while end > 0, unsafe source[end - 1] >= 0x80 {
            end -= 1
            unsafe source[end] = 0x2E
        }
    }

    func compareMasking() -> [Comparison] {
        unsafe compare("unmask in place", unmask, unmaskByBytes)
            + compare("mask while copying", maskCopy, unmaskByBytes)
    }

    func compareUTF8(_ kind: String, _ text: String) -> [Comparison] {
        unsafe fill(text)
        let isRight = unsafe validate(source, target) == 1 && validateByBytes(source, target) == 1
        precondition(isRight, "the text is right")
        return unsafe compare("UTF-8, \(kind)", validate, validateByBytes)
    }

    private func compare(_ name: String, _ pass: @escaping Pass, _ naive: @escaping Pass) -> [Comparison] {
        let measured = unsafe Measurement.interleaved(
            rounds: repetitions,
            [
                "memcpy": { unsafe time(copyMemory) }, "kernel": { unsafe time(pass) },
                "byte loop": { unsafe time(naive) },
            ])
        let what = unsafe "\(name), \(source.count) bytes"
        return ["byte loop", "memcpy"].map {
            Comparison(what, measured, ours: "kernel", beside: $0)
        }
    }

    private func time(_ pass: Pass) -> Double {
        var sum = 0
        let time = unsafe nanoseconds(per: rounds) {
            for _ in 0..<(unsafe rounds) { unsafe sum &+= pass(source, target) }
        }
        precondition(sum != -1, "the passes answer")
        return time
    }
}

// Each is a function of its own that is not inlined, so that all pay the same call and none is hoisted from
// the loop.

@inline(never)
private func copyMemory(_ source: UnsafeMutableRawBufferPointer, _ target: UnsafeMutableRawPointer) -> Int {
    guard let base = source.baseAddress else { return 0 }
    unsafe memcpy(target, base, source.count)
    return 1
}

@inline(never)
private func unmask(_ source: UnsafeMutableRawBufferPointer, _ target: UnsafeMutableRawPointer) -> Int {
    unsafe Masking.apply(key, to: source)
    return 1
}

@inline(never)
private func maskCopy(_ source: UnsafeMutableRawBufferPointer, _ target: UnsafeMutableRawPointer) -> Int {
    guard let base = source.baseAddress else { return 0 }
    unsafe Masking.copy(from: base, to: target, count: source.count, key: key)
    return 1
}

/// As RFC 6455 5.3 has it.
@inline(never)
private func unmaskByBytes(_ source: UnsafeMutableRawBufferPointer, _ target: UnsafeMutableRawPointer) -> Int
{
    for index in source.indices {
        unsafe source[index] ^= UInt8(truncatingIfNeeded: key >> (UInt32(truncatingIfNeeded: index & 3) * 8))
    }
    return 1
}

@inline(never)
private func validate(_ source: UnsafeMutableRawBufferPointer, _ target: UnsafeMutableRawPointer) -> Int {
    var validator = UTF8Validator()
    let isRight = unsafe validator.consume(UnsafeRawBufferPointer(source))
    return isRight && validator.isComplete ? 1 : 0
}

/// One byte at a time, by comparing: what a first version does.
@inline(never)
private func validateByBytes(_ source: UnsafeMutableRawBufferPointer, _ target: UnsafeMutableRawPointer)
    -> Int
{
    var missing = 0
    var range: ClosedRange<UInt8> = 0x80...0xBF
    for index in source.indices {
        let byte = unsafe source[index]
        if missing > 0 {
            if !range.contains(byte) { return 0 }
            missing -= 1
            range = 0x80...0xBF
            continue
        }
        switch byte {
        case 0x00...0x7F: continue
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF:
            missing = 2
            range = byte == 0xE0 ? 0xA0...0xBF : byte == 0xED ? 0x80...0x9F : range
        case 0xF0...0xF4:
            missing = 3
            range = byte == 0xF0 ? 0x90...0xBF : byte == 0xF4 ? 0x80...0x8F : range
        default: return 0
        }
    }
    return missing == 0 ? 1 : 0
}
