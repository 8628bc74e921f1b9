import SBECompiler
import ZCProto

/// Generated code against the decoder that needs none: both take a message or both refuse it, and read the
/// same from it; what was taken can be written again and reads as it was.
struct CarTarget: FuzzTarget {
    let name = "car"
    let bytesMax = 2048
    private let decoder: DynamicDecoder?

    var words: [[UInt8]] {
        [[9, 0, 2, 0], [9, 0, 0, 0], [9, 0, 3, 0, 4, 3], [0, 0, 255, 255], [255, 127]]
    }

    init() {
        let path = String(#filePath.dropLast("Targets/CarTarget.swift".count)) + "Schemas/car.sbe.xml"
        decoder = SchemaCompiler().compile(path).layout.map { DynamicDecoder($0, valuesMax: 100_000) }
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var car = Garage.Car.Value()
        car.serialNumber = random.next()
        car.vehicleCode = SBEOctets(random.bytes(random.below(7)))
        car.extras = Garage.Extras(rawValue: UInt16(truncatingIfNeeded: random.next()))
        car.code = .init(sbeBits: random.pick([0, 65, 66, 90]))
        car.uuid = random.oneIn(2) ? [.min, 1] : nil
        car.weight = random.oneIn(2) ? .nan : -0.0
        for _ in 0..<random.below(4) {
            var figure = Garage.Car.FuelFigures.Value()
            figure.usage = SBEOctets(random.bytes(random.below(4)))
            car.fuelFigures.append(figure)
            var performance = Garage.Car.PerformanceFigures.Value()
            performance.acceleration = Array(repeating: .init(), count: random.below(3))
            car.performanceFigures.append(performance)
        }
        car.owners = Array(repeating: .init(), count: random.below(3))
        car.manufacturer = SBEOctets(random.bytes(random.size(upTo: 300)))
        car.model = "Civic"
        var bytes = (try? car.encoded()) ?? []
        // Another version's block has the same fields in front, and perhaps more behind.
        if random.oneIn(3), bytes.count > 6 { bytes[6] = UInt8(random.below(4)) }
        return bytes + random.bytes(random.below(3))
    }

    func check(_ input: [UInt8]) throws -> String {
        guard let decoder else { throw Broken("a good schema") }
        let read: Result<Reading, SBEError> = withExactSpan(input) { bytes in
            do throws(SBEError) {
                return .success(Reading(try Garage.Car.decode(bytes)))
            } catch {
                return .failure(error)
            }
        }
        let tree: DynamicMessage
        do {
            tree = try decoder.decode(input)
        } catch {
            // Each has a bound of its own for what few bytes can blow up to.
            if case .tooLarge = error { return "too large" }
            guard case .failure(let refusal) = read else { throw Broken("no message where: \(error)") }
            return "\(refusal.code) \(outline(error.description))"
        }
        let reading: Reading
        switch read {
        case .success(let good): reading = good
        case .failure(let error) where error.code == .groupCount: return "empty entries"
        case .failure(let error): throw Broken("a message, got: \(error)")
        }
        try expect(reading.length == tree.consumed, "\(tree.consumed) bytes, got \(reading.length)")
        let fields = Self.comparable(try JSONParser.parse(Array(reading.car.json.utf8)))
        try expect(fields == Self.comparable(tree.fields), "\(tree.fields.text), got \(fields.text)")
        try checkAgain(reading)
        return "\(min(reading.version, 3)) \(tree.absent.count) \(reading.car.outOfRange.count)"
    }

    /// What was read, written and read again. An older message is written as one of this version, whose
    /// fields are not absent any more.
    private func checkAgain(_ reading: Reading) throws {
        let bytes = try reading.car.encoded()
        let again = try withExactSpan(bytes) { Reading(try Garage.Car.decode($0)) }
        try expect(again.length == bytes.count, "a whole message, got \(again.length) of \(bytes.count)")
        guard reading.version >= Garage.Schema.version else { return }
        try expect(again.car.json == reading.car.json, "\(reading.car.json), got \(again.car.json)")
    }

    /// What the views show of a message.
    private struct Reading {
        let car: Garage.Car.Value
        let length: Int
        let version: Int

        /// Reads everything twice: into the twin, and by the ways that the twin does not take.
        init(_ view: borrowing SBEView<Garage.Car>) {
            car = Garage.Car.Value(view)
            length = Garage.Schema.header.size + view.encodedLength
            version = view.actingVersion
            var count = 0
            let numbers = view.someNumbers
            for index in numbers.indices where numbers[index] > 0 { count += 1 }
            let uuid = view.uuid
            for index in uuid.indices where uuid.optional(at: index) == nil { count += 1 }
            view.performanceFigures.forEach { figure in
                let accelerations = figure.acceleration
                for index in 0..<accelerations.count where accelerations[index].mph > 0 { count += 1 }
            }
            count += view.manufacturer.text.utf8.count + view.vehicleCode.text.utf8.count
            count += view.engine.fuel.utf8.count + view.encodedBytes.byteCount
            withExtendedLifetime(count) {}
        }
    }

    /// Without texts, for the two read what is none differently; their octets stand beside.
    private static func comparable(_ tree: SBECompiler.JSONValue) -> SBECompiler.JSONValue {
        switch tree {
        case .array(let elements): return .array(elements.map(comparable))
        case .object(let members):
            let kept = members.filter { $0.name != "text" && $0.name != "value" }
            return .object(kept.map { JSONMember(name: $0.name, value: comparable($0.value)) })
        default: return tree
        }
    }
}
