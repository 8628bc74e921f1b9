// Generated from car.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

import ZCSBE

/// A car of three versions, for the fuzzer.
enum Garage {
    /// A car of three versions, for the fuzzer.
    enum Schema: SBESchema {
        /// The schema's id.
        static var id: Int { 9 }
        /// The schema's version.
        static var version: Int { 2 }
        /// The layout of the message header.
        static var header: SBEHeaderLayout { SBEHeaderLayout(size: 10, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2), groups: SBEWireInteger(8, 1), data: SBEWireInteger(9, 1)) }
        /// How groups of newer versions begin.
        static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 5, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 2), groups: SBEWireInteger(3, 1), data: SBEWireInteger(4, 1)) }
        /// How long data of newer versions are.
        static var dataLength: SBEWireInteger { SBEWireInteger(0, 2) }
    }

    /// The enumeration Boolean.
    enum Boolean: SBEEnumeration {
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

    /// The enumeration Booster.Kind.
    enum BoosterKind: SBEEnumeration {
        /// `turbo`, 84 on the wire.
        case turbo
        /// `kers`, 75 on the wire.
        case kers
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        init(sbeBits: UInt8) {
            switch sbeBits {
            case 84: self = .turbo
            case 75: self = .kers
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        var sbeBits: UInt8 {
            switch self {
            case .turbo: 84
            case .kers: 75
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        var sbeName: StaticString? {
            switch self {
            case .turbo: "turbo"
            case .kers: "kers"
            case .null, .unknown: nil
            }
        }
    }

    /// The set Extras.
    struct Extras: SBEChoices {
        /// The bits.
        var rawValue: UInt16

        /// The set of these bits.
        init(rawValue: UInt16) { self.rawValue = rawValue }

        /// `sunRoof`, bit 0.
        static var sunRoof: Self { Self(rawValue: 1) }
        /// `sportsPack`, bit 1.
        static var sportsPack: Self { Self(rawValue: 2) }
        /// `heating`, bit 15.
        static var heating: Self { Self(rawValue: 32768) }

        /// The choices by their names in the schema.
        static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 1), "sunRoof"), (Self(rawValue: 2), "sportsPack"), (Self(rawValue: 32768), "heating")]
        }
    }

    /// The composite Booster.
    enum Booster: SBECompositeType {
        /// The schema.
        typealias Schema = Garage.Schema
        /// The name in the schema.
        static var name: StaticString { "Booster" }
        /// Bytes of the fields.
        static var blockLength: Int { 2 }
    }

    /// The composite Engine.
    enum Engine: SBECompositeType {
        /// The schema.
        typealias Schema = Garage.Schema
        /// The name in the schema.
        static var name: StaticString { "Engine" }
        /// Bytes of the fields.
        static var blockLength: Int { 9 }

        /// What a view of this type offers beside plain values. There are no values of it.
        struct Members {
            /// The field manufacturerCode.
            var manufacturerCode: SBEMember<Garage.Engine.ManufacturerCodeField> { .init() }
            /// The field booster.
            var booster: SBEMember<Garage.Engine.BoosterField> { .init() }
        }

        /// Where the field manufacturerCode is.
        typealias ManufacturerCodeField = SBETextPlace<Garage.Engine, 2, 3, 0, SBEUTF8Text>

        /// Where the field booster is.
        typealias BoosterField = SBECompositePlace<Garage.Booster, 7, 0>

        /// The name of the text at an offset.
        static func _textName(at offset: Int) -> StaticString {
            "manufacturerCode"
        }
    }

    /// The composite Price.
    enum Price: SBECompositeType {
        /// The schema.
        typealias Schema = Garage.Schema
        /// The name in the schema.
        static var name: StaticString { "Price" }
        /// Bytes of the fields.
        static var blockLength: Int { 9 }
    }

    /// The message Car, template 1.
    enum Car: SBEMessage {
        /// The schema.
        typealias Schema = Garage.Schema
        /// The first group or data.
        typealias FirstPart = Garage.Car.FuelFigures
        /// The name in the schema.
        static var name: StaticString { "Car" }
        /// The message's id.
        static var templateID: Int { 1 }
        /// Bytes of the fields.
        static var blockLength: Int { 79 }
        /// Bytes of the fields that a version has.
        static func blockLengthMin(version: Int) -> Int {
            if version >= 2 { return 79 }
            if version >= 1 { return 66 }
            return 49
        }

        /// What a view of this type offers beside plain values. There are no values of it.
        struct Members {
            /// The field someNumbers.
            var someNumbers: SBEMember<Garage.Car.SomeNumbersField> { .init() }
            /// The field vehicleCode.
            var vehicleCode: SBEMember<Garage.Car.VehicleCodeField> { .init() }
            /// The field engine.
            var engine: SBEMember<Garage.Car.EngineField> { .init() }
            /// The field uuid.
            var uuid: SBEMember<Garage.Car.UuidField> { .init() }
            /// The field price.
            var price: SBELaterMember<Garage.Car.PriceField> { .init() }
            /// The group fuelFigures.
            var fuelFigures: SBEMember<Garage.Car.FuelFigures> { .init() }
            /// The group performanceFigures.
            var performanceFigures: SBEMember<Garage.Car.PerformanceFigures> { .init() }
            /// The group owners.
            var owners: SBEMember<Garage.Car.Owners> { .init() }
            /// The data manufacturer.
            var manufacturer: SBEMember<Garage.Car.ManufacturerData> { .init() }
            /// The data model.
            var model: SBEMember<Garage.Car.ModelData> { .init() }
        }

        /// Where the field someNumbers is.
        enum SomeNumbersField: SBEArrayField {
            /// A number of the array.
            typealias Element = UInt32
            /// All of it.
            typealias Values = InlineArray<4, UInt32>
            /// The schema.
            typealias Schema = Garage.Schema
            /// Bytes from the block's start.
            static var offset: Int { 12 }
            /// How many there are.
            static var count: Int { 4 }
            /// An element of a value.
            static func _element(_ index: Int, of values: Values) -> UInt32 { values[index] }
            /// A value of elements.
            static func _make(_ element: (Int) -> UInt32) -> Values { Values(element) }
        }

        /// Where the field vehicleCode is.
        typealias VehicleCodeField = SBETextPlace<Garage.Car, 28, 6, 0, SBEUTF8Text>

        /// Where the field engine is.
        typealias EngineField = SBECompositePlace<Garage.Engine, 40, 0>

        /// Where the field uuid is.
        enum UuidField: SBEArrayField {
            /// A number of the array.
            typealias Element = Int64
            /// All of it.
            typealias Values = InlineArray<2, Int64>
            /// The schema.
            typealias Schema = Garage.Schema
            /// Bytes from the block's start.
            static var offset: Int { 49 }
            /// How many there are.
            static var count: Int { 2 }
            /// The version that introduced it.
            static var sinceVersion: Int { 1 }
            /// The number that stands for null.
            static var null: Int64? { -9223372036854775808 }
            /// An element of a value.
            static func _element(_ index: Int, of values: Values) -> Int64 { values[index] }
            /// A value of elements.
            static func _make(_ element: (Int) -> Int64) -> Values { Values(element) }
        }

        /// Where the field price is.
        typealias PriceField = SBECompositePlace<Garage.Price, 70, 2>

        /// An entry of the group fuelFigures.
        enum FuelFigures: SBEGroupBlock {
            /// The schema.
            typealias Schema = Garage.Schema
            /// The first group or data.
            typealias FirstPart = Garage.Car.FuelFigures.UsageData
            /// What precedes the group.
            typealias Previous = SBEStart
            /// What follows it.
            typealias Next = Garage.Car.PerformanceFigures
            /// What precedes the entries, and how many there may be.
            static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 5, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 2), groups: SBEWireInteger(3, 1), data: SBEWireInteger(4, 1)), since: 0, 0, 65535) }
            /// The name in the schema.
            static var name: StaticString { "fuelFigures" }
            /// Bytes of the fields.
            static var blockLength: Int { 6 }

            /// What a view of this type offers beside plain values. There are no values of it.
            struct Members {
                /// The data usage.
                var usage: SBEMember<Garage.Car.FuelFigures.UsageData> { .init() }
            }

            /// The data usage.
            enum UsageData: SBEDataPart {
                /// The schema.
                typealias Schema = Garage.Schema
                /// What precedes the data.
                typealias Previous = SBEStart
                /// What follows it.
                typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                static var layout: SBEDataLayout { SBEDataLayout("usage", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 1000, .utf8) }
            }
        }

        /// An entry of the group performanceFigures.
        enum PerformanceFigures: SBEGroupBlock {
            /// The schema.
            typealias Schema = Garage.Schema
            /// The first group or data.
            typealias FirstPart = Garage.Car.PerformanceFigures.Acceleration
            /// What precedes the group.
            typealias Previous = Garage.Car.FuelFigures
            /// What follows it.
            typealias Next = Garage.Car.Owners
            /// What precedes the entries, and how many there may be.
            static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 5, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 2), groups: SBEWireInteger(3, 1), data: SBEWireInteger(4, 1)), since: 0, 0, 65535) }
            /// The name in the schema.
            static var name: StaticString { "performanceFigures" }
            /// Bytes of the fields.
            static var blockLength: Int { 1 }

            /// What a view of this type offers beside plain values. There are no values of it.
            struct Members {
                /// The group acceleration.
                var acceleration: SBEMember<Garage.Car.PerformanceFigures.Acceleration> { .init() }
            }

            /// An entry of the group acceleration.
            enum Acceleration: SBEGroupBlock {
                /// The schema.
                typealias Schema = Garage.Schema
                /// The first group or data.
                typealias FirstPart = SBEEnd
                /// What precedes the group.
                typealias Previous = SBEStart
                /// What follows it.
                typealias Next = SBEEnd
                /// What precedes the entries, and how many there may be.
                static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(2, 2), count: SBEWireInteger(0, 1)), since: 0, 0, 50) }
                /// The name in the schema.
                static var name: StaticString { "acceleration" }
                /// Bytes of the fields.
                static var blockLength: Int { 3 }
                /// Bytes of the fields that a version has.
                static func blockLengthMin(version: Int) -> Int {
                    if version >= 2 { return 3 }
                    return 2
                }
            }
        }

        /// An entry of the group owners.
        enum Owners: SBEGroupBlock {
            /// The schema.
            typealias Schema = Garage.Schema
            /// The first group or data.
            typealias FirstPart = Garage.Car.Owners.NameData
            /// What precedes the group.
            typealias Previous = Garage.Car.PerformanceFigures
            /// What follows it.
            typealias Next = Garage.Car.ManufacturerData
            /// What precedes the entries, and how many there may be.
            static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 5, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 2), groups: SBEWireInteger(3, 1), data: SBEWireInteger(4, 1)), since: 1, 0, 65535) }
            /// The name in the schema.
            static var name: StaticString { "owners" }
            /// Bytes of the fields.
            static var blockLength: Int { 0 }

            /// What a view of this type offers beside plain values. There are no values of it.
            struct Members {
                /// The data name.
                var name: SBEMember<Garage.Car.Owners.NameData> { .init() }
            }

            /// The data name.
            enum NameData: SBEDataPart {
                /// The schema.
                typealias Schema = Garage.Schema
                /// What precedes the data.
                typealias Previous = SBEStart
                /// What follows it.
                typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                static var layout: SBEDataLayout { SBEDataLayout("name", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 1000, .utf8) }
            }
        }

        /// The data manufacturer.
        enum ManufacturerData: SBEDataPart {
            /// The schema.
            typealias Schema = Garage.Schema
            /// What precedes the data.
            typealias Previous = Garage.Car.Owners
            /// What follows it.
            typealias Next = Garage.Car.ModelData
            /// Its name, where it is, how long it may be, how text is read.
            static var layout: SBEDataLayout { SBEDataLayout("manufacturer", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 1000, .utf8) }
        }

        /// The data model.
        enum ModelData: SBEDataPart {
            /// The schema.
            typealias Schema = Garage.Schema
            /// What precedes the data.
            typealias Previous = Garage.Car.ManufacturerData
            /// What follows it.
            typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            static var layout: SBEDataLayout { SBEDataLayout("model", length: SBEWireInteger(0, 2), dataOffset: 2, since: 1, 0, 1000, .utf8) }
        }

        /// The name of the text at an offset.
        static func _textName(at offset: Int) -> StaticString {
            "vehicleCode"
        }

        /// Makes the optional fields null.
        static func _setNulls(_ block: borrowing SBENulls) {
            for index in 0..<2 { block._store64(9223372036854775808, 49 + index * 8) }
            block._store8(7, 65)
            block._store32(2143289344, 66)
            block._store64(9223372036854775808, 70)
        }
    }
}

extension SBEView where Block == Garage.Booster {
    /// `Kind` at byte 0.
    var kind: Garage.BoosterKind { _load(0) }
    /// `horsePower` at byte 1.
    var horsePower: UInt8 { _load(1) }
}

extension SBEEncoder where Block == Garage.Booster {
    /// `Kind` at byte 0.
    var kind: Garage.BoosterKind {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `horsePower` at byte 1.
    var horsePower: UInt8 {
        get { _load(1) }
        nonmutating set { _store(newValue, 1) }
    }
}

extension Garage.Booster {
    /// A copy of `Booster` that may be kept.
    struct Value: SBEValue {
        /// What the value is a copy of.
        typealias Block = Garage.Booster
        /// The field Kind.
        var kind: Garage.BoosterKind = .null
        /// The field horsePower.
        var horsePower: UInt8 = 0

        /// Zeros, nulls, and no entries.
        init() {}

        /// Hands each field, group and data to the visitor.
        mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.enumeration(&self.kind, "Kind", 0, null: .null, isOptional: false)
            visitor.number(&self.horsePower, "horsePower", 1)
        }
    }
}

extension SBEView where Block == Garage.Engine {
    /// `capacity` at byte 0.
    var capacity: UInt16 { _load(0) }
    /// `maxRpm`, a constant.
    var maxRpm: UInt16 { 9000 }
    /// `fuel`, a constant.
    var fuel: String { "Petrol" }
    /// `boosterEnabled` at byte 6.
    var boosterEnabled: Garage.Boolean { _load(6) }
}

extension SBEEncoder where Block == Garage.Engine {
    /// `capacity` at byte 0.
    var capacity: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `boosterEnabled` at byte 6.
    var boosterEnabled: Garage.Boolean {
        get { _load(6) }
        nonmutating set { _store(newValue, 6) }
    }
}

extension Garage.Engine {
    /// A copy of `Engine` that may be kept.
    struct Value: SBEValue {
        /// What the value is a copy of.
        typealias Block = Garage.Engine
        /// The field capacity.
        var capacity: UInt16 = 0
        /// The field manufacturerCode.
        var manufacturerCode: SBEOctets = SBEOctets()
        /// The field boosterEnabled.
        var boosterEnabled: Garage.Boolean = .null
        /// The field booster.
        var booster: Garage.Booster.Value = Garage.Booster.Value()

        /// Zeros, nulls, and no entries.
        init() {}

        /// Hands each field, group and data to the visitor.
        mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.capacity, "capacity", 0)
            visitor.constant(UInt16(9000), "maxRpm")
            visitor.text(&self.manufacturerCode, "manufacturerCode", 2, 3, .utf8, isASCII: true)
            visitor.constant([80, 101, 116, 114, 111, 108], "fuel", .utf8)
            visitor.enumeration(&self.boosterEnabled, "boosterEnabled", 6, null: .null, isOptional: false)
            visitor.composite(&self.booster, "booster", 7)
        }
    }
}

extension SBEView where Block == Garage.Price {
    /// `mantissa` at byte 0, optional.
    var mantissa: Int64? { _loadOptional(0, null: -9223372036854775808) }
    /// `exponent` at byte 8.
    var exponent: Int8 { _load(8) }
}

extension SBEEncoder where Block == Garage.Price {
    /// `mantissa` at byte 0.
    var mantissa: Int64? {
        get { _loadOptional(0, null: -9223372036854775808) }
        nonmutating set { _storeOptional(newValue, 0, null: -9223372036854775808) }
    }
    /// `exponent` at byte 8.
    var exponent: Int8 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
}

extension Garage.Price {
    /// A copy of `Price` that may be kept.
    struct Value: SBEValue {
        /// What the value is a copy of.
        typealias Block = Garage.Price
        /// The field mantissa.
        var mantissa: Int64? = nil
        /// The field exponent.
        var exponent: Int8 = 0

        /// Zeros, nulls, and no entries.
        init() {}

        /// Hands each field, group and data to the visitor.
        mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.optional(&self.mantissa, "mantissa", 0, null: -9223372036854775808)
            visitor.number(&self.exponent, "exponent", 8)
        }
    }
}

extension SBEView where Block == Garage.Car {
    /// `serialNumber` at byte 0.
    var serialNumber: UInt64 { _load(0) }
    /// `modelYear` at byte 8.
    var modelYear: UInt16 { _load(8) }
    /// `available` at byte 10.
    var available: Garage.Boolean { _load(10) }
    /// `code` at byte 11.
    var code: Garage.Model { _load(11) }
    /// `extras` at byte 34.
    var extras: Garage.Extras { _load(34) }
    /// `discountedModel`, a constant.
    var discountedModel: Garage.Model { .c }
    /// `cupHolders` at byte 65, optional; nil before version 1.
    var cupHolders: UInt8? { _loadLaterOptional(65, null: 7, since: 1) }
    /// `weight` at byte 66, optional; nil before version 2.
    var weight: Float? { _loadLaterOptional(66, null: Float(bitPattern: 2143289344), since: 2) }
}

extension SBEEncoder where Block == Garage.Car {
    /// `serialNumber` at byte 0.
    var serialNumber: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `modelYear` at byte 8.
    var modelYear: UInt16 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
    /// `available` at byte 10.
    var available: Garage.Boolean {
        get { _load(10) }
        nonmutating set { _store(newValue, 10) }
    }
    /// `code` at byte 11.
    var code: Garage.Model {
        get { _load(11) }
        nonmutating set { _store(newValue, 11) }
    }
    /// `extras` at byte 34.
    var extras: Garage.Extras {
        get { _load(34) }
        nonmutating set { _store(newValue, 34) }
    }
    /// `cupHolders` at byte 65.
    var cupHolders: UInt8? {
        get { _loadOptional(65, null: 7) }
        nonmutating set { _storeOptional(newValue, 65, null: 7) }
    }
    /// `weight` at byte 66.
    var weight: Float? {
        get { _loadOptional(66, null: Float(bitPattern: 2143289344)) }
        nonmutating set { _storeOptional(newValue, 66, null: Float(bitPattern: 2143289344)) }
    }
}

extension SBEPartName where Part == Garage.Car.FuelFigures {
    /// The name of what comes next.
    static var fuelFigures: Self { Self() }
}

extension SBEPartName where Part == Garage.Car.PerformanceFigures {
    /// The name of what comes next.
    static var performanceFigures: Self { Self() }
}

extension SBEPartName where Part == Garage.Car.Owners {
    /// The name of what comes next.
    static var owners: Self { Self() }
}

extension SBEPartName where Part == Garage.Car.ManufacturerData {
    /// The name of what comes next.
    static var manufacturer: Self { Self() }
}

extension SBEPartName where Part == Garage.Car.ModelData {
    /// The name of what comes next.
    static var model: Self { Self() }
}

extension SBEView where Block == Garage.Car.FuelFigures {
    /// `speed` at byte 0.
    var speed: UInt16 { _load(0) }
    /// `mpg` at byte 2.
    var mpg: Float { _load(2) }
}

extension SBEEncoder where Block == Garage.Car.FuelFigures {
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

extension SBEPartName where Part == Garage.Car.FuelFigures.UsageData {
    /// The name of what comes next.
    static var usage: Self { Self() }
}

extension SBEView where Block == Garage.Car.PerformanceFigures {
    /// `octaneRating` at byte 0.
    var octaneRating: UInt8 { _load(0) }
}

extension SBEEncoder where Block == Garage.Car.PerformanceFigures {
    /// `octaneRating` at byte 0.
    var octaneRating: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == Garage.Car.PerformanceFigures.Acceleration {
    /// The name of what comes next.
    static var acceleration: Self { Self() }
}

extension SBEView where Block == Garage.Car.PerformanceFigures.Acceleration {
    /// `mph` at byte 0.
    var mph: UInt16 { _load(0) }
    /// `gear` at byte 2; nil before version 2.
    var gear: Int8? { _loadLater(2, since: 2) }
}

extension SBEEncoder where Block == Garage.Car.PerformanceFigures.Acceleration {
    /// `mph` at byte 0.
    var mph: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `gear` at byte 2.
    var gear: Int8 {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
}

extension SBEPartName where Part == Garage.Car.Owners.NameData {
    /// The name of what comes next.
    static var name: Self { Self() }
}

extension Garage.Car {
    /// A copy of `Car` that may be kept.
    struct Value: SBEValue {
        /// What the value is a copy of.
        typealias Block = Garage.Car
        /// The field serialNumber.
        var serialNumber: UInt64 = 0
        /// The field modelYear.
        var modelYear: UInt16 = 0
        /// The field available.
        var available: Garage.Boolean = .null
        /// The field code.
        var code: Garage.Model = .null
        /// The field someNumbers.
        var someNumbers: [UInt32] = [UInt32](repeating: 0, count: 4)
        /// The field vehicleCode.
        var vehicleCode: SBEOctets = SBEOctets()
        /// The field extras.
        var extras: Garage.Extras = []
        /// The field engine.
        var engine: Garage.Engine.Value = Garage.Engine.Value()
        /// The field uuid.
        var uuid: [Int64]? = nil
        /// The field cupHolders.
        var cupHolders: UInt8? = nil
        /// The field weight.
        var weight: Float? = nil
        /// The field price.
        var price: Garage.Price.Value? = nil
        /// The group fuelFigures.
        var fuelFigures: [Garage.Car.FuelFigures.Value] = []
        /// The group performanceFigures.
        var performanceFigures: [Garage.Car.PerformanceFigures.Value] = []
        /// The group owners.
        var owners: [Garage.Car.Owners.Value] = []
        /// The data manufacturer.
        var manufacturer = SBEOctets()
        /// The data model.
        var model = SBEOctets()

        /// Zeros, nulls, and no entries.
        init() {}

        /// Hands each field, group and data to the visitor.
        mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.serialNumber, "serialNumber", 0)
            visitor.number(&self.modelYear, "modelYear", 8)
            visitor.enumeration(&self.available, "available", 10, null: .null, isOptional: false)
            visitor.enumeration(&self.code, "code", 11, null: .null, isOptional: false)
            visitor.array(&self.someNumbers, "someNumbers", 12, 4)
            visitor.text(&self.vehicleCode, "vehicleCode", 28, 6, .utf8, isASCII: true)
            visitor.choices(&self.extras, "extras", 34)
            visitor.constant(Garage.Model(sbeBits: 67), "discountedModel")
            visitor.composite(&self.engine, "engine", 40)
            visitor.later(&self.uuid, "uuid", 49, 2, since: 1, null: -9223372036854775808)
            visitor.optional(&self.cupHolders, "cupHolders", 65, null: 7, since: 1)
            visitor.optional(&self.weight, "weight", 66, null: Float(bitPattern: 2143289344), since: 2)
            visitor.later(&self.price, "price", 70, since: 2)
            visitor.group(&self.fuelFigures)
            visitor.group(&self.performanceFigures)
            visitor.group(&self.owners)
            visitor.data(&self.manufacturer, Garage.Car.ManufacturerData.self, .utf8, isASCII: false)
            visitor.data(&self.model, Garage.Car.ModelData.self, .utf8, isASCII: false)
        }
    }
}

extension Garage.Car.FuelFigures {
    /// A copy of `fuelFigures` that may be kept.
    struct Value: SBEValue {
        /// What the value is a copy of.
        typealias Block = Garage.Car.FuelFigures
        /// The field speed.
        var speed: UInt16 = 0
        /// The field mpg.
        var mpg: Float = 0
        /// The data usage.
        var usage = SBEOctets()

        /// Zeros, nulls, and no entries.
        init() {}

        /// Hands each field, group and data to the visitor.
        mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.speed, "speed", 0)
            visitor.number(&self.mpg, "mpg", 2)
            visitor.data(&self.usage, Garage.Car.FuelFigures.UsageData.self, .utf8, isASCII: false)
        }
    }
}

extension Garage.Car.PerformanceFigures {
    /// A copy of `performanceFigures` that may be kept.
    struct Value: SBEValue {
        /// What the value is a copy of.
        typealias Block = Garage.Car.PerformanceFigures
        /// The field octaneRating.
        var octaneRating: UInt8 = 0
        /// The group acceleration.
        var acceleration: [Garage.Car.PerformanceFigures.Acceleration.Value] = []

        /// Zeros, nulls, and no entries.
        init() {}

        /// Hands each field, group and data to the visitor.
        mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.octaneRating, "octaneRating", 0)
            visitor.group(&self.acceleration)
        }
    }
}

extension Garage.Car.PerformanceFigures.Acceleration {
    /// A copy of `acceleration` that may be kept.
    struct Value: SBEValue {
        /// What the value is a copy of.
        typealias Block = Garage.Car.PerformanceFigures.Acceleration
        /// The field mph.
        var mph: UInt16 = 0
        /// The field gear.
        var gear: Int8? = nil

        /// Zeros, nulls, and no entries.
        init() {}

        /// Hands each field, group and data to the visitor.
        mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.mph, "mph", 0)
            visitor.later(&self.gear, "gear", 2, since: 2)
        }
    }
}

extension Garage.Car.Owners {
    /// A copy of `owners` that may be kept.
    struct Value: SBEValue {
        /// What the value is a copy of.
        typealias Block = Garage.Car.Owners
        /// The data name.
        var name = SBEOctets()

        /// Zeros, nulls, and no entries.
        init() {}

        /// Hands each field, group and data to the visitor.
        mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.data(&self.name, Garage.Car.Owners.NameData.self, .utf8, isASCII: false)
        }
    }
}
