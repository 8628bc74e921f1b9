// Numbers, characters, enumerations and sets, for generated code. A field of a later version is nil where the
// message is older.
extension SBEVisitor {
    /// Visits a number that must be there.
    public mutating func number<Number: SBENumber>(
        _ value: inout Number, _ name: StaticString, _ offset: Int
    ) {
        number(&value, name, offset, Number._least, Number._most)
    }

    /// A required number, with bounds of its own.
    public mutating func number<Number: SBENumber>(
        _ value: inout Number, _ name: StaticString, _ offset: Int, _ low: Number, _ high: Number
    ) {
        switch task {
        case .copy: value = load(offset)
        case .store: store(value, offset)
        case .json:
            json.key(name)
            value._write(to: &json)
        case .ranges: ranges.check(value, name, low, high)
        case .record: keep(value)
        }
    }

    /// Visits a number that may be null.
    public mutating func optional<Number: SBENumber>(
        _ value: inout Number?, _ name: StaticString, _ offset: Int, null: Number, since: Int = 0
    ) {
        optional(&value, name, offset, null: null, since: since, Number._least, Number._most)
    }

    /// An optional number, with bounds of its own.
    public mutating func optional<Number: SBENumber>(
        _ value: inout Number?, _ name: StaticString, _ offset: Int, null: Number, since: Int = 0,
        _ low: Number, _ high: Number
    ) {
        switch task {
        case .copy:
            guard version >= since else { return value = nil }
            let number: Number = load(offset)
            value = number.isSBENull(null) ? nil : number
        case .store: store(value ?? null, offset)
        case .json, .ranges, .record: show(value, name, low, high)
        }
    }

    /// A required number of a later version.
    public mutating func later<Number: SBENumber>(
        _ value: inout Number?, _ name: StaticString, _ offset: Int, since: Int
    ) {
        later(&value, name, offset, since: since, Number._least, Number._most)
    }

    /// A required number of a later version, with bounds of its own.
    public mutating func later<Number: SBENumber>(
        _ value: inout Number?, _ name: StaticString, _ offset: Int, since: Int, _ low: Number, _ high: Number
    ) {
        switch task {
        case .copy: value = version >= since ? load(offset) : nil
        case .store: if let value { store(value, offset) }
        case .json, .ranges, .record: show(value, name, low, high)
        }
    }

    private mutating func show<Number: SBENumber>(
        _ value: Number?, _ name: StaticString, _ low: Number, _ high: Number
    ) {
        switch task {
        case .json:
            json.key(name)
            if let value { value._write(to: &json) } else { json.null() }
        case .ranges: ranges.check(value, name, low, high)
        default:
            keep(isThere: value != nil)
            if let value { keep(value) }
        }
    }

    /// Visits a value of an enumeration.
    public mutating func enumeration<Value: SBEEnumeration>(
        _ value: inout Value, _ name: StaticString, _ offset: Int, null: Value, isOptional: Bool
    ) {
        switch task {
        case .copy: value = load(offset)
        case .store: store(value, offset)
        case .json:
            json.key(name)
            json.value(value, isNull: value.sbeBits == null.sbeBits)
        case .ranges: ranges.check(value, name, null: null, isOptional: isOptional)
        case .record:
            // One that is not listed is another value than the listed one of its number, as for the compiler.
            keep(isThere: value.sbeName != nil)
            keep(value)
        }
    }

    /// An enumeration of a later version.
    public mutating func later<Value: SBEEnumeration>(
        _ value: inout Value?, _ name: StaticString, _ offset: Int, since: Int, null: Value, isOptional: Bool
    ) {
        if task == .copy { return value = version >= since ? load(offset) : nil }
        guard var given = value else { return absent(name) }
        present()
        enumeration(&given, name, offset, null: null, isOptional: isOptional)
    }

    /// Visits a set of choices.
    public mutating func choices<Value: SBEChoices>(
        _ value: inout Value, _ name: StaticString, _ offset: Int
    ) {
        switch task {
        case .copy: value = load(offset)
        case .store: store(value, offset)
        case .json:
            json.key(name)
            json.value(value)
        case .ranges: break
        case .record: keep(value)
        }
    }

    /// A set of a later version.
    public mutating func later<Value: SBEChoices>(
        _ value: inout Value?, _ name: StaticString, _ offset: Int, since: Int
    ) {
        if task == .copy { return value = version >= since ? load(offset) : nil }
        guard var given = value else { return absent(name) }
        present()
        choices(&given, name, offset)
    }

    /// Visits a number that the schema makes constant: not on the wire, but in the JSON.
    public mutating func constant<Number: SBENumber>(_ value: Number, _ name: StaticString) {
        guard task == .json else { return }
        json.key(name)
        value._write(to: &json)
    }

    /// A constant that is a value of an enumeration.
    public mutating func constant<Value: SBEEnumeration>(_ value: Value, _ name: StaticString) {
        guard task == .json else { return }
        json.key(name)
        json.value(value, isNull: false)
    }

    /// Visits a text that the schema makes constant: not on the wire, but in the JSON.
    public mutating func constant(
        _ octets: [UInt8], _ name: StaticString, _ encoding: SBECharacterEncoding
    ) {
        guard task == .json else { return }
        json.key(name)
        json.value(SBEOctets(octets), size: 0, encoding)
    }

    /// Says that a field of a later version is not there.
    mutating func absent(_ name: StaticString) {
        if task == .record { keep(isThere: false) }
        guard task == .json else { return }
        json.key(name)
        json.null()
    }

    /// Says that it is there.
    mutating func present() { if task == .record { keep(isThere: true) } }
}
