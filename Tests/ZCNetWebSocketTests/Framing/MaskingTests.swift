import CZCNet
import Glibc
import Testing

@testable import ZCNetWebSocket

/// Masking against a loop that does what RFC 6455 5.3 says, byte by byte.
@Suite struct MaskingTests {
    /// Four different bytes, so that a key that is turned the wrong way shows.
    static let keyBytes: [UInt8] = [0xA1, 0x32, 0x54, 0x08]
    static var key: UInt32 { unsafe keyBytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt32.self) } }
    static let guardByte: UInt8 = 0xEE
    static let room = 512

    /// Kernels for more than 32 bytes, by index into `czcnet_mask_variant_at`.
    static let kernels: [Int32] = Array(0..<8).filter { unsafe czcnet_mask_variant_at($0).name != nil }

    static func source(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
    }

    /// What masking `bytes` from `start` for `count` bytes leaves of the whole.
    static func expected(_ bytes: [UInt8], start: Int, count: Int, offset: Int) -> [UInt8] {
        var result = bytes
        for index in 0..<count { result[start + index] ^= keyBytes[(index + offset) % 4] }
        return result
    }

    @Test func thisMachineHasKernels() {
        #expect(Self.kernels.first == 0)
        #if arch(x86_64) || arch(arm64)
        #expect(Self.kernels.count >= 2)
        #endif
        #expect(unsafe czcnet_mask_variant_at(-1).name == nil)
    }

    @Test(arguments: 0..<64)
    func inPlaceAtEveryAlignmentAndSize(_ alignment: Int) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: Self.room, alignment: 64)
        defer { unsafe memory.deallocate() }
        let original = Self.source(Self.room)
        for count in 0...300 {
            for offset in 0...3 {
                unsafe memory.copyMemory(from: original, byteCount: Self.room)
                let part = unsafe UnsafeMutableRawBufferPointer(start: memory + alignment, count: count)
                unsafe Masking.apply(Self.key, to: part, offset: offset)
                let wanted = Self.expected(original, start: alignment, count: count, offset: offset)
                let isEqual = unsafe memcmp(memory, wanted, Self.room) == 0
                #expect(isEqual, "\(count) bytes at \(alignment), offset \(offset)")
            }
        }
    }

    @Test(arguments: 0..<64)
    func copyAtEveryAlignmentAndSize(_ alignment: Int) {
        let source = UnsafeMutableRawPointer.allocate(byteCount: Self.room, alignment: 64)
        let target = UnsafeMutableRawPointer.allocate(byteCount: Self.room, alignment: 64)
        defer {
            unsafe source.deallocate()
            unsafe target.deallocate()
        }
        let original = Self.source(Self.room)
        unsafe source.copyMemory(from: original, byteCount: Self.room)
        let untouched = [UInt8](repeating: Self.guardByte, count: Self.room)
        let shift = (alignment * 7) % 64
        for count in 0...300 {
            let offset = count % 4
            unsafe target.copyMemory(from: untouched, byteCount: Self.room)
            unsafe Masking.copy(
                from: source + alignment, to: target + shift, count: count, key: Self.key, offset: offset)
            let masked = Self.expected(original, start: alignment, count: count, offset: offset)
            var wanted = untouched
            wanted.replaceSubrange(shift..<shift + count, with: masked[alignment..<alignment + count])
            let isEqual =
                unsafe memcmp(target, wanted, Self.room) == 0
                && memcmp(source, original, Self.room) == 0
            #expect(isEqual, "\(count) bytes from \(alignment) to \(shift)")
        }
    }

    /// Every kernel of this machine, whichever the dispatch takes, from its least size on.
    @Test(arguments: kernels)
    func everyKernel(_ kernel: Int32) {
        let variant = unsafe czcnet_mask_variant_at(kernel)
        guard let mask = unsafe variant.mask else {
            Issue.record("no such kernel")
            return
        }
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: 1024)
        let target = UnsafeMutablePointer<UInt8>.allocate(capacity: 1024)
        defer {
            unsafe memory.deallocate()
            unsafe target.deallocate()
        }
        let original = Self.source(1024)
        let sizes = Array(33...160) + Array(250...270) + [300, 383, 384, 385, 511, 512, 513, 640, 767, 900]
        for alignment in 0..<64 {
            for count in sizes {
                unsafe memory.update(from: original, count: 1024)
                unsafe target.update(repeating: Self.guardByte, count: 1024)
                unsafe mask(target + alignment, memory + alignment / 3, count, Self.key)
                unsafe mask(memory + alignment, memory + alignment, count, Self.key)
                let wanted = Self.expected(original, start: alignment, count: count, offset: 0)
                let inPlace = unsafe memcmp(memory, wanted, 1024) == 0
                #expect(inPlace, "\(count) bytes at \(alignment)")
                let begin = alignment / 3
                let moved = Self.expected(original, start: begin, count: count, offset: 0)
                var copied = [UInt8](repeating: Self.guardByte, count: 1024)
                copied.replaceSubrange(alignment..<alignment + count, with: moved[begin..<begin + count])
                let isCopied = unsafe memcmp(target, copied, 1024) == 0
                #expect(isCopied, "\(count) bytes from \(begin) to \(alignment)")
            }
        }
    }

    @Test func aPayloadMayComeInTwoPieces() {
        for count in [1, 5, 31, 33, 64, 125, 200] {
            let whole = Self.expected(Self.source(count), start: 0, count: count, offset: 0)
            for cut in 0...count {
                var bytes = Self.source(count)
                unsafe bytes.withUnsafeMutableBytes { bytes in
                    unsafe Masking.apply(Self.key, to: .init(rebasing: bytes[..<cut]))
                    unsafe Masking.apply(Self.key, to: .init(rebasing: bytes[cut...]), offset: cut)
                }
                #expect(bytes == whole, "\(count) bytes cut at \(cut)")
            }
        }
    }

    @Test func aSpanIsMaskedLikeAPointer() {
        var bytes = Self.source(77)
        var span = bytes.mutableSpan
        var raw = unsafe span.mutableBytes
        Masking.apply(Self.key, to: &raw, offset: 3)
        #expect(bytes == Self.expected(Self.source(77), start: 0, count: 77, offset: 3))
    }

    @Test func anOffsetFarIntoAPayload() {
        var bytes = Self.source(50)
        let offset = (1 << 40) + 2
        unsafe bytes.withUnsafeMutableBytes { unsafe Masking.apply(Self.key, to: $0, offset: offset) }
        #expect(bytes == Self.expected(Self.source(50), start: 0, count: 50, offset: 2))
    }

    @Test func nothingIsMaskedWithoutMemory() {
        unsafe Masking.apply(Self.key, to: UnsafeMutableRawBufferPointer(start: nil, count: 0), offset: 1)
    }

    /// The example of RFC 6455 5.7.
    @Test func theExampleOfTheRFC() {
        var bytes: [UInt8] = [0x7F, 0x9F, 0x4D, 0x51, 0x58]
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        let word = unsafe key.withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt32.self) }
        unsafe bytes.withUnsafeMutableBytes { unsafe Masking.apply(word, to: $0) }
        #expect(bytes == Array("Hello".utf8))
    }
}
