import SBEVectors
import Testing
import ZCSBE

/// Groups, data, texts and padding, of the vectors' car and others.
@Suite struct GroupAndDataTests {
    private typealias Car = BenchCarVectors.Car

    private func car(_ count: Int = 3) throws -> [UInt8] {
        var value = Car.Value()
        value.serialNumber = 7
        value.vehicleCode = "abc"
        for index in 0..<count {
            var figure = Car.FuelFigures.Value()
            figure.speed = UInt16(index)
            value.fuelFigures.append(figure)
            var performance = Car.PerformanceFigures.Value()
            performance.acceleration = Array(repeating: .init(), count: index)
            value.performanceFigures.append(performance)
        }
        value.manufacturer = "Honda"
        value.model = SBEOctets(Array(0..<200))
        return try value.encoded()
    }

    @Test func groupsIterateAndSubscript() throws {
        let bytes = try car()
        let view = try Car.decode(bytes.span)
        let figures = view.fuelFigures
        #expect(figures.count == 3 && !figures.isEmpty)
        for index in 0..<figures.count { #expect(figures[index].speed == UInt16(index)) }
        var seen: [Int] = []
        view.performanceFigures.forEach { seen.append($0.acceleration.count) }
        #expect(seen == [0, 1, 2])
        // The macro would keep its operands, which views do not let it.
        let isHonda = view.manufacturer == "Honda" && view.manufacturer == String("Honda")
        let isOther = view.manufacturer != "Hond" && view.manufacturer != String("Hondo")
        #expect(isHonda && isOther)
        #expect(view.model.bytes.byteCount == 200)
        let isABC = view.vehicleCode == "abc"
        #expect(isABC && view.vehicleCode.count == 3 && view.vehicleCode.bytes.byteCount == 6)
        #expect(view.engine.maxRpm == 9000)
        #expect(view.engine.fuel == "Petrol")
    }

    private struct Stop: Error {}

    /// Stops at the second figure; the error is typed all the way.
    private func stopEarly(_ bytes: RawSpan, _ count: inout Int) throws(Stop) {
        guard let car = try? Car.decode(bytes) else { return }
        try car.fuelFigures.forEach { _ throws(Stop) in
            count += 1
            if count == 2 { throw Stop() }
        }
    }

    @Test func forEachPassesErrorsOn() throws {
        let bytes = try car()
        var count = 0
        #expect(throws: Stop.self) { try stopEarly(unsafe bytes.span.bytes, &count) }
        #expect(count == 2)
    }

    @Test func whatIsNotSetIsZeroOrNull() throws {
        var memory = [UInt8](repeating: 0xFF, count: 256)
        var span = memory.mutableSpan
        var raw = unsafe span.mutableBytes
        let count = try CarExtVectors.Car.encode(into: &raw) { car in
            try car
                .group(.fuelFigures) { _ in }
                .group(.performanceFigures) { _ in }
                .data(.manufacturer, "")
                .data(.model, "")
                .data(.activationCode, "")
                .finish()
        }
        let view = try CarExtVectors.Car.decode(memory.span.extracting(first: count))
        #expect(view.serialNumber == 0)
        #expect(view.cupHolderCount == nil)
        #expect(view.uuid.count == 2 && view.uuid.optional(at: 0) == nil)
        // The gaps of explicit offsets.
        var value = BasicTypesVectors.Message1WithOffsets.Value()
        value.int64Field = -1
        let padded = try value.encoded()
        #expect(padded[8 + 33..<8 + 128].allSatisfy { $0 == 0 })
    }

    @Test func limitsAreKept() throws {
        let long = [UInt8](repeating: 65, count: 300)
        var value = GroupWithDataVectors.TestMessage1.Value()
        value.entries = [.init()]
        value.entries[0].varDataField = SBEOctets(long)
        #expect(throws: SBEError.self) { try value.encoded() }
        value.entries = Array(repeating: .init(), count: 256)
        let error = #expect(throws: SBEError.self) { try value.encoded() }
        #expect(error?.description == "Entries: expected at most 255 entries, got 256")
        value.entries.removeLast()
        // In steps: the compiler crashes on the span of a temporary array inside the macro.
        let bytes = try value.encoded()
        let again = try GroupWithDataVectors.TestMessage1.Value(decoding: bytes.span)
        #expect(again == value)
        var car = Car.Value()
        car.vehicleCode = "abcdefg"
        let text = #expect(throws: SBEError.self) { try car.encoded() }
        #expect(text?.description == "vehicleCode: expected at most 6 bytes, got 7")
    }

    private func garage(_ manufacturer: String) throws -> [UInt8] {
        var memory = [UInt8](repeating: 0, count: 256)
        var span = memory.mutableSpan
        var raw = unsafe span.mutableBytes
        let count = try Car.encode(into: &raw) { car in
            try car.group(.fuelFigures) { _ in }.group(.performanceFigures) { _ in }
                .data(.manufacturer, manufacturer).data(.model, "ü").finish()
        }
        return Array(memory[..<count])
    }

    @Test func latin1IsWrittenAsLatin1() throws {
        let bytes = try garage("Citroën")
        let view = try Car.decode(bytes.span)
        #expect(view.manufacturer.bytes.byteCount == 7)
        #expect(view.manufacturer.text == "Citroën")
        let isCitroen = view.manufacturer == "Citroën" && view.manufacturer == String("Citroën")
        // Its bytes as UTF-8 would be, and a text of as many characters.
        let isOther = view.manufacturer == "Citroen" || view.manufacturer == String("Citroen")
        #expect(isCitroen && !isOther)
        #expect(view.model.text == "ü")
        let error = #expect(throws: SBEError.self) { try garage("Škoda") }
        #expect(error?.code == .notInEncoding)
    }

    @Test func oldMessagesLackWhatIsNewer() throws {
        var old = ExtensionVectorsV2.TestMessage1.Value()
        old.tag1 = 1
        old.tag2 = 2
        old.tag3 = .init()
        old.tag3?.value = 3
        let bytes = try old.encoded()
        let view = try ExtensionVectors.TestMessage1.decode(bytes.span)
        #expect(view.tag1 == 1 && view.tag2 == 2)
        #expect(view.tag3?.value == 3)
        #expect(view.tag4 == nil && view.tag5 == nil && view.tag6.isEmpty)
    }
}
