import Testing

@testable import SBECompiler

/// The vectors of the reference implementation, forwards, backwards, cut and bent.
struct VectorTests {
    @Test func theVectorsAreThere() {
        #expect(VectorCase.all.count >= 80)
        #expect(VectorCase.all.allSatisfy { !$0.bytes.isEmpty })
    }

    @Test(arguments: VectorCase.all)
    func decodesToTheTree(_ vector: VectorCase) throws {
        let message = try DynamicDecoder(Repository.layout(vector.schema)).decode(vector.bytes)
        #expect(VectorCase.comparable(message.json) == VectorCase.comparable(vector.expected))
    }

    /// A message of a newer version loses what the schema does not know; all others come back whole.
    @Test(arguments: VectorCase.all)
    func encodesToTheSameBytes(_ vector: VectorCase) throws {
        let layout = try Repository.layout(vector.schema)
        let encoder = DynamicEncoder(layout)
        let decoded = try DynamicDecoder(layout).decode(vector.bytes)
        let text = decoded.json.text
        for tree in [vector.tree, decoded.json, try JSONParser.parse(Array(text.utf8))] {
            let bytes = try encoder.encode(tree)
            if vector.name.contains("from-newer") {
                let again = try DynamicDecoder(layout).decode(bytes)
                #expect(again.fields == decoded.fields && again.absent == decoded.absent)
                #expect(again.consumed == bytes.count)
            } else {
                #expect(bytes == vector.bytes)
            }
        }
    }

    @Test(arguments: VectorCase.all)
    func refusesEveryProperPrefix(_ vector: VectorCase) throws {
        let decoder = DynamicDecoder(try Repository.layout(vector.schema))
        for count in 0..<vector.bytes.count {
            #expect(throws: MessageError.self) { try decoder.decode(Array(vector.bytes.prefix(count))) }
        }
        // What stands behind the message is not the message's.
        let longer = try decoder.decode(vector.bytes + [1, 2, 3])
        #expect(longer.consumed == vector.bytes.count)
    }

    /// A value or an error, whatever comes; and a value says truly what it consumed.
    @Test(arguments: VectorCase.all)
    func survivesFlippedBits(_ vector: VectorCase) throws {
        let decoder = DynamicDecoder(try Repository.layout(vector.schema), valuesMax: 20_000)
        var random = SeededRandom(seed: UInt64(vector.bytes.count))
        for _ in 0..<200 {
            var bytes = vector.bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                    1 << UInt8.random(in: 0..<8, using: &random)
            }
            guard let message = try? decoder.decode(bytes) else { continue }
            #expect(message.consumed <= bytes.count)
        }
    }
}
