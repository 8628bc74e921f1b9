import Foundation
import Testing
import ZCSBE

/// The generated code of all schemas against messages of the reference implementation.
@Suite struct GoldenVectorTests {
    private static let pairs: [(vector: GoldenVector, message: GoldenMessage)] = GoldenVector.all.flatMap {
        vector in
        GoldenMessage.all.filter { $0.folder == vector.folder && $0.name == vector.message }.map {
            (vector, $0)
        }
    }

    @Test func everyVectorHasItsMessage() {
        #expect(GoldenVector.all.count > 60)
        for vector in GoldenVector.all {
            #expect(Self.pairs.contains { $0.vector.description == vector.description }, "\(vector)")
        }
    }

    @Test func vectorsReadAsTheReferenceReadsThem() throws {
        for (vector, message) in Self.pairs {
            let (json, consumed) = try message.read(vector.bytes)
            let tree = try JSONSerialization.jsonObject(with: Data(json.utf8))
            let fields = GoldenVector.canonical(tree, withoutText: vector.hasForeignText)
            #expect(fields == vector.fields, "\(vector)")
            #expect(consumed == vector.consumed, "\(vector)")
        }
    }

    @Test func vectorsAreWrittenAsTheReferenceWritesThem() throws {
        for (vector, message) in Self.pairs where vector.isCurrent {
            let bytes = try message.rewrite(vector.bytes)
            #expect(bytes == Array(vector.bytes.prefix(vector.consumed)), "\(vector)")
        }
    }

    @Test func everyPrefixIsRefused() {
        for (vector, message) in Self.pairs {
            for count in 0..<vector.consumed {
                // A prefix is a fresh array, so that the address sanitizer sees a read behind its end.
                let error = #expect(throws: SBEError.self, "\(vector) cut to \(count)") {
                    _ = try message.read(Array(vector.bytes[..<count]))
                }
                if let error {
                    #expect(error.got == count || error.code != .truncated, "\(vector): \(error)")
                }
            }
        }
    }

    @Test func aFlippedBitIsAnErrorOrAValue() {
        for (vector, message) in Self.pairs {
            for bit in stride(from: 0, to: min(vector.bytes.count, 250) * 8, by: 7) {
                var bytes = vector.bytes
                bytes[bit / 8] ^= 1 << (bit % 8)
                do {
                    let (json, consumed) = try message.read(bytes)
                    #expect(!json.isEmpty && consumed <= bytes.count)
                } catch {
                    #expect(error is SBEError, "\(vector), bit \(bit): \(error)")
                }
            }
        }
    }
}
