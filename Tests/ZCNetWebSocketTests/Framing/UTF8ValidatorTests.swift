import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// The Swift face of the kernels, which have tests of their own.
@Suite struct UTF8ValidatorTests {
    private func consume(_ validator: inout UTF8Validator, _ bytes: [UInt8]) -> Bool {
        unsafe validator.consume(bytes.span.bytes)
    }

    private func isValid(_ bytes: [UInt8]) -> Bool { unsafe UTF8Validator.isValid(bytes.span.bytes) }

    @Test func isSmall() { #expect(MemoryLayout<UTF8Validator>.size == 1) }

    @Test func nothingIsAWholeText() {
        var validator = UTF8Validator()
        #expect(validator.isComplete)
        #expect(unsafe validator.consume(UnsafeRawBufferPointer(start: nil, count: 0)))
        #expect(validator.isComplete)
        #expect(isValid([UInt8]()))
    }

    @Test func aCharacterMayBeSplit() {
        for character in ["é", "語", "🙂"] {
            let bytes = Array(character.utf8)
            for cut in 1..<bytes.count {
                var validator = UTF8Validator()
                #expect(consume(&validator, Array(bytes[..<cut])))
                #expect(!validator.isComplete)
                #expect(!isValid(Array(bytes[..<cut])))
                #expect(consume(&validator, Array(bytes[cut...])))
                #expect(validator.isComplete)
            }
        }
    }

    @Test func aWrongByteIsTheEnd() {
        var validator = UTF8Validator()
        #expect(!consume(&validator, Array("text".utf8) + [0xC0]))
        #expect(!validator.isComplete)
        #expect(!consume(&validator, Array("text that is right".utf8)))
        #expect(!consume(&validator, []), "not even nothing is right after it")
        #expect(!validator.isComplete)
    }

    @Test func theFirstWrongByteIsFound() {
        for length in [0, 7, 31, 40, 100] {
            let bytes = [UInt8](repeating: 0x61, count: length) + [0xED, 0xA0, 0x80] + Array("more".utf8)
            var validator = UTF8Validator()
            let right = unsafe bytes.withUnsafeBytes { unsafe validator.validPrefix(of: $0) }
            #expect(right == length + 1)
        }
    }

    /// The standard library's own opinion, which has nothing of this code in it.
    @Test func theStandardLibraryAgrees() {
        for seed in UInt64(1)...600 {
            var random = SimulatedRandom(seed: seed)
            var bytes = random.text(bytes: Int.random(in: 0...200, using: &random))
            if !bytes.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            let wanted = String(validating: bytes, as: UTF8.self) != nil
            #expect(isValid(bytes) == wanted, "seed \(seed)")
        }
    }
}
