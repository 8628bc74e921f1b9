// Texts, arrays and composites, for generated code.
extension SBEVisitor {
    /// An array of characters.
    public mutating func text(
        _ value: inout SBEOctets, _ name: StaticString, _ offset: Int, _ count: Int,
        _ encoding: SBECharacterEncoding, isASCII: Bool
    ) {
        switch task {
        case .copy:
            value = SBEOctets(octets(offset, count))
            while value.bytes.last == 0 { value.bytes.removeLast() }
        case .store:
            guard value.bytes.count <= count else {
                return fail(
                    SBEError(.textTooLong, at: name, expected: count, got: value.bytes.count))
            }
            store(value.bytes, offset, size: count)
        case .json:
            json.key(name)
            json.value(value, size: count, encoding)
        case .ranges: if isASCII { ranges.text(value, name) }
        case .record: keep(value.bytes)
        }
    }

    /// An array of characters of a later version.
    public mutating func later(
        _ value: inout SBEOctets?, _ name: StaticString, _ offset: Int, _ count: Int, since: Int,
        _ encoding: SBECharacterEncoding, isASCII: Bool
    ) {
        guard var given = here(value, since, else: SBEOctets()) else {
            value = nil
            return absent(name)
        }
        present()
        text(&given, name, offset, count, encoding, isASCII: isASCII)
        value = given
    }

    /// An array of numbers.
    public mutating func array<Number: SBENumber>(
        _ values: inout [Number], _ name: StaticString, _ offset: Int, _ count: Int, null: Number? = nil
    ) {
        array(&values, name, offset, count, null: null, Number._least, Number._most)
    }

    /// An array of numbers, with bounds of its own.
    public mutating func array<Number: SBENumber>(
        _ values: inout [Number], _ name: StaticString, _ offset: Int, _ count: Int, null: Number? = nil,
        _ low: Number, _ high: Number
    ) {
        let size = MemoryLayout<Number.Bits>.size
        switch task {
        case .copy: values = (0..<count).map { load(offset + $0 * size) }
        case .store:
            guard values.count <= count else {
                return fail(SBEError(.arrayTooLong, at: name, expected: count, got: values.count))
            }
            for (index, value) in values.enumerated() { store(value, offset + index * size) }
        case .json:
            json.key(name)
            json.list(values) { json, value in
                if let null, value.isSBENull(null) { json.null() } else { value._write(to: &json) }
            }
        case .ranges: ranges.check(values, name, low, high, null: null)
        case .record:
            keep(values.count)
            for value in values { keep(value) }
        }
    }

    /// An array of numbers of a later version.
    public mutating func later<Number: SBENumber>(
        _ values: inout [Number]?, _ name: StaticString, _ offset: Int, _ count: Int, since: Int,
        null: Number? = nil
    ) {
        later(&values, name, offset, count, since: since, null: null, Number._least, Number._most)
    }

    /// An array of numbers of a later version, with bounds of its own.
    public mutating func later<Number: SBENumber>(
        _ values: inout [Number]?, _ name: StaticString, _ offset: Int, _ count: Int, since: Int,
        null: Number? = nil, _ low: Number, _ high: Number
    ) {
        guard var given = here(values, since, else: []) else {
            values = nil
            return absent(name)
        }
        present()
        array(&given, name, offset, count, null: null, low, high)
        values = given
    }

    /// A composite. Of one that is null, no ranges are looked at.
    public mutating func composite<Value: SBEValue>(
        _ value: inout Value, _ name: StaticString, _ offset: Int, isNull: Bool = false
    ) where Value.Block: SBECompositeType {
        if task == .ranges && isNull { return }
        if task == .json {
            json.key(name)
            json.open("{")
        }
        let outer = ranges.enter("\(name)")
        inside(offset, size: task == .store ? Value.Block.blockLength : nil) { value._visit(&$0) }
        ranges.leave(to: outer)
        if task == .json { json.close("}") }
    }

    /// A composite of a later version.
    public mutating func later<Value: SBEValue>(
        _ value: inout Value?, _ name: StaticString, _ offset: Int, since: Int, isNull: Bool = false
    ) where Value.Block: SBECompositeType {
        guard var given = here(value, since, else: Value()) else {
            value = nil
            return absent(name)
        }
        present()
        composite(&given, name, offset, isNull: isNull)
        value = given
    }

    /// What there is of a field of a later version: of `copy`, something to copy to where the version has it.
    private func here<Value>(_ value: Value?, _ since: Int, else empty: @autoclosure () -> Value) -> Value? {
        guard task == .copy else { return value }
        return version >= since ? empty() : nil
    }

    /// Keeps bytes and how many they are.
    mutating func keep(_ bytes: [UInt8]) {
        keep(bytes.count)
        record += bytes
    }

    /// Keeps a count, as eight bytes of the record.
    mutating func keep(_ count: Int) { keep(Int64(count)) }

    /// Keeps the first reason.
    mutating func fail(_ error: any Error) { if fault == nil { fault = error } }
}
