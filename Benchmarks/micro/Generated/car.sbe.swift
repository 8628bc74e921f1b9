// Generated from car.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

import ZCSBE

/// Example schema
enum CarSchema: SBESchema {
    /// The schema's id.
    static var id: Int { 1 }
    /// The schema's version.
    static var version: Int { 1 }
    /// The layout of the message header.
    static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
    /// How groups of newer versions begin.
    static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)) }
    /// How long data of newer versions are.
    static var dataLength: SBEWireInteger { SBEWireInteger(0, 4) }
}

/// The enumeration BooleanType.
enum BooleanType: SBEEnumeration {
    /// `F`, 0 on the wire.
    case f
    /// `T`, 1 on the wire.
    case t
    /// No value.
    case null
    /// A value that the schema does not list.
    case unknown(UInt8)

    /// The value of a number.
    init(sbeBits: UInt8) {
        switch sbeBits {
        case 0: self = .f
        case 1: self = .t
        case 255: self = .null
        default: self = .unknown(sbeBits)
        }
    }

    /// The number of the value.
    var sbeBits: UInt8 {
        switch self {
        case .f: 0
        case .t: 1
        case .null: 255
        case .unknown(let bits): bits
        }
    }

    /// The name in the schema.
    var sbeName: StaticString? {
        switch self {
        case .f: "F"
        case .t: "T"
        case .null, .unknown: nil
        }
    }
}

/// The enumeration Model.
enum Model: SBEEnumeration {
    /// `A`, 65 on the wire.
    case a
    /// `B`, 66 on the wire.
    case b
    /// `C`, 67 on the wire.
    case c
    /// No value.
    case null
    /// A value that the schema does not list.
    case unknown(UInt8)

    /// The value of a number.
    init(sbeBits: UInt8) {
        switch sbeBits {
        case 65: self = .a
        case 66: self = .b
        case 67: self = .c
        case 0: self = .null
        default: self = .unknown(sbeBits)
        }
    }

    /// The number of the value.
    var sbeBits: UInt8 {
        switch self {
        case .a: 65
        case .b: 66
        case .c: 67
        case .null: 0
        case .unknown(let bits): bits
        }
    }

    /// The name in the schema.
    var sbeName: StaticString? {
        switch self {
        case .a: "A"
        case .b: "B"
        case .c: "C"
        case .null, .unknown: nil
        }
    }
}

/// The set OptionalExtras.
struct OptionalExtras: SBEChoices {
    /// The bits.
    var rawValue: UInt8

    /// The set of these bits.
    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `sunRoof`, bit 0.
    static var sunRoof: Self { Self(rawValue: 1) }
    /// `sportsPack`, bit 1.
    static var sportsPack: Self { Self(rawValue: 2) }
    /// `cruiseControl`, bit 2.
    static var cruiseControl: Self { Self(rawValue: 4) }

    /// The choices by their names in the schema.
    static var sbeNames: [(choice: Self, name: StaticString)] {
        [(Self(rawValue: 1), "sunRoof"), (Self(rawValue: 2), "sportsPack"), (Self(rawValue: 4), "cruiseControl")]
    }
}

/// The composite Engine.
enum Engine: SBECompositeType {
    /// The schema.
    typealias Schema = CarSchema
    /// The name in the schema.
    static var name: StaticString { "Engine" }
    /// Bytes of the fields.
    static var blockLength: Int { 6 }

    /// What a view of this type offers beside plain values. There are no values of it.
    struct Members {
        /// The field manufacturerCode.
        var manufacturerCode: SBEMember<Engine.ManufacturerCodeField> { .init() }
    }

    /// Where the field manufacturerCode is.
    typealias ManufacturerCodeField = SBETextPlace<Engine, 3, 3, 0, SBEUTF8Text>

    /// The name of the text at an offset.
    static func _textName(at offset: Int) -> StaticString {
        "manufacturerCode"
    }
}

/// Description of a basic Car
enum Car: SBEMessage {
    /// The schema.
    typealias Schema = CarSchema
    /// The first group or data.
    typealias FirstPart = Car.FuelFigures
    /// The name in the schema.
    static var name: StaticString { "Car" }
    /// The message's id.
    static var templateID: Int { 1 }
    /// Bytes of the fields.
    static var blockLength: Int { 41 }

    /// What a view of this type offers beside plain values. There are no values of it.
    struct Members {
        /// The field someNumbers.
        var someNumbers: SBEMember<Car.SomeNumbersField> { .init() }
        /// The field vehicleCode.
        var vehicleCode: SBEMember<Car.VehicleCodeField> { .init() }
        /// The field engine.
        var engine: SBEMember<Car.EngineField> { .init() }
        /// The group fuelFigures.
        var fuelFigures: SBEMember<Car.FuelFigures> { .init() }
        /// The group performanceFigures.
        var performanceFigures: SBEMember<Car.PerformanceFigures> { .init() }
        /// The data manufacturer.
        var manufacturer: SBEMember<Car.ManufacturerData> { .init() }
        /// The data model.
        var model: SBEMember<Car.ModelData> { .init() }
    }

    /// Where the field someNumbers is.
    enum SomeNumbersField: SBEArrayField {
        /// A number of the array.
        typealias Element = Int32
        /// All of it.
        typealias Values = InlineArray<5, Int32>
        /// The schema.
        typealias Schema = CarSchema
        /// Bytes from the block's start.
        static var offset: Int { 8 }
        /// How many there are.
        static var count: Int { 5 }
        /// An element of a value.
        static func _element(_ index: Int, of values: Values) -> Int32 { values[index] }
        /// A value of elements.
        static func _make(_ element: (Int) -> Int32) -> Values { Values(element) }
    }

    /// Where the field vehicleCode is.
    typealias VehicleCodeField = SBETextPlace<Car, 28, 6, 0, SBEUTF8Text>

    /// Where the field engine is.
    typealias EngineField = SBECompositePlace<Engine, 35, 0>

    /// An entry of the group fuelFigures.
    enum FuelFigures: SBEGroupBlock {
        /// The schema.
        typealias Schema = CarSchema
        /// The first group or data.
        typealias FirstPart = SBEEnd
        /// What precedes the group.
        typealias Previous = SBEStart
        /// What follows it.
        typealias Next = Car.PerformanceFigures
        /// What precedes the entries, and how many there may be.
        static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
        /// The name in the schema.
        static var name: StaticString { "fuelFigures" }
        /// Bytes of the fields.
        static var blockLength: Int { 6 }
    }

    /// An entry of the group performanceFigures.
    enum PerformanceFigures: SBEGroupBlock {
        /// The schema.
        typealias Schema = CarSchema
        /// The first group or data.
        typealias FirstPart = Car.PerformanceFigures.Acceleration
        /// What precedes the group.
        typealias Previous = Car.FuelFigures
        /// What follows it.
        typealias Next = Car.ManufacturerData
        /// What precedes the entries, and how many there may be.
        static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
        /// The name in the schema.
        static var name: StaticString { "performanceFigures" }
        /// Bytes of the fields.
        static var blockLength: Int { 1 }

        /// What a view of this type offers beside plain values. There are no values of it.
        struct Members {
            /// The group acceleration.
            var acceleration: SBEMember<Car.PerformanceFigures.Acceleration> { .init() }
        }

        /// An entry of the group acceleration.
        enum Acceleration: SBEGroupBlock {
            /// The schema.
            typealias Schema = CarSchema
            /// The first group or data.
            typealias FirstPart = SBEEnd
            /// What precedes the group.
            typealias Previous = SBEStart
            /// What follows it.
            typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
            /// The name in the schema.
            static var name: StaticString { "acceleration" }
            /// Bytes of the fields.
            static var blockLength: Int { 6 }
        }
    }

    /// The data manufacturer.
    enum ManufacturerData: SBEDataPart {
        /// The schema.
        typealias Schema = CarSchema
        /// What precedes the data.
        typealias Previous = Car.PerformanceFigures
        /// What follows it.
        typealias Next = Car.ModelData
        /// Its name, where it is, how long it may be, how text is read.
        static var layout: SBEDataLayout { SBEDataLayout("manufacturer", length: SBEWireInteger(0, 4), dataOffset: 4, since: 0, 0, 1073741824, .latin1) }
    }

    /// The data model.
    enum ModelData: SBEDataPart {
        /// The schema.
        typealias Schema = CarSchema
        /// What precedes the data.
        typealias Previous = Car.ManufacturerData
        /// What follows it.
        typealias Next = SBEEnd
        /// Its name, where it is, how long it may be, how text is read.
        static var layout: SBEDataLayout { SBEDataLayout("model", length: SBEWireInteger(0, 4), dataOffset: 4, since: 0, 0, 1073741824, .latin1) }
    }

    /// The name of the text at an offset.
    static func _textName(at offset: Int) -> StaticString {
        "vehicleCode"
    }
}

extension SBEView where Block == Engine {
    /// `capacity` at byte 0.
    var capacity: UInt16 { _load(0) }
    /// `numCylinders` at byte 2.
    var numCylinders: UInt8 { _load(2) }
    /// `maxRpm`, a constant.
    var maxRpm: UInt16 { 9000 }
    /// `fuel`, a constant.
    var fuel: String { "Petrol" }
}

extension SBEEncoder where Block == Engine {
    /// `capacity` at byte 0.
    var capacity: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `numCylinders` at byte 2.
    var numCylinders: UInt8 {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
}

extension SBEView where Block == Car {
    /// `serialNumber` at byte 0.
    var serialNumber: UInt32 { _load(0) }
    /// `modelYear` at byte 4.
    var modelYear: UInt16 { _load(4) }
    /// `available` at byte 6.
    var available: BooleanType { _load(6) }
    /// `code` at byte 7.
    var code: Model { _load(7) }
    /// `extras` at byte 34.
    var extras: OptionalExtras { _load(34) }
}

extension SBEEncoder where Block == Car {
    /// `serialNumber` at byte 0.
    var serialNumber: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `modelYear` at byte 4.
    var modelYear: UInt16 {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
    /// `available` at byte 6.
    var available: BooleanType {
        get { _load(6) }
        nonmutating set { _store(newValue, 6) }
    }
    /// `code` at byte 7.
    var code: Model {
        get { _load(7) }
        nonmutating set { _store(newValue, 7) }
    }
    /// `extras` at byte 34.
    var extras: OptionalExtras {
        get { _load(34) }
        nonmutating set { _store(newValue, 34) }
    }
}

extension SBEPartName where Part == Car.FuelFigures {
    /// The name of what comes next.
    static var fuelFigures: Self { Self() }
}

extension SBEPartName where Part == Car.PerformanceFigures {
    /// The name of what comes next.
    static var performanceFigures: Self { Self() }
}

extension SBEPartName where Part == Car.ManufacturerData {
    /// The name of what comes next.
    static var manufacturer: Self { Self() }
}

extension SBEPartName where Part == Car.ModelData {
    /// The name of what comes next.
    static var model: Self { Self() }
}

extension SBEView where Block == Car.FuelFigures {
    /// `speed` at byte 0.
    var speed: UInt16 { _load(0) }
    /// `mpg` at byte 2.
    var mpg: Float { _load(2) }
}

extension SBEEncoder where Block == Car.FuelFigures {
    /// `speed` at byte 0.
    var speed: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `mpg` at byte 2.
    var mpg: Float {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
}

extension SBEView where Block == Car.PerformanceFigures {
    /// `octaneRating` at byte 0.
    var octaneRating: UInt8 { _load(0) }
}

extension SBEEncoder where Block == Car.PerformanceFigures {
    /// `octaneRating` at byte 0.
    var octaneRating: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == Car.PerformanceFigures.Acceleration {
    /// The name of what comes next.
    static var acceleration: Self { Self() }
}

extension SBEView where Block == Car.PerformanceFigures.Acceleration {
    /// `mph` at byte 0.
    var mph: UInt16 { _load(0) }
    /// `seconds` at byte 2.
    var seconds: Float { _load(2) }
}

extension SBEEncoder where Block == Car.PerformanceFigures.Acceleration {
    /// `mph` at byte 0.
    var mph: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `seconds` at byte 2.
    var seconds: Float {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
}
