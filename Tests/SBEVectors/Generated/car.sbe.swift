// Generated from car.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Example base schema which can be extended.
public enum CarVectors {
    /// Example base schema which can be extended.
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 1 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 4) }
    }

    /// The enumeration Booster.BoostType.
    @frozen public enum BoosterBoostType: SBEEnumeration {
        /// `TURBO`, 84 on the wire.
        case turbo
        /// `SUPERCHARGER`, 83 on the wire.
        case supercharger
        /// `NITROUS`, 78 on the wire.
        case nitrous
        /// `KERS`, 75 on the wire.
        case kers
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 84: self = .turbo
            case 83: self = .supercharger
            case 78: self = .nitrous
            case 75: self = .kers
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .turbo: 84
            case .supercharger: 83
            case .nitrous: 78
            case .kers: 75
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .turbo: "TURBO"
            case .supercharger: "SUPERCHARGER"
            case .nitrous: "NITROUS"
            case .kers: "KERS"
            case .null, .unknown: nil
            }
        }
    }

    /// Boolean Type.
    @frozen public enum BooleanType: SBEEnumeration {
        /// False value representation.
        case f
        /// True value representation.
        case t
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 0: self = .f
            case 1: self = .t
            case 255: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .f: 0
            case .t: 1
            case .null: 255
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .f: "F"
            case .t: "T"
            case .null, .unknown: nil
            }
        }
    }

    /// The enumeration Model.
    @frozen public enum Model: SBEEnumeration {
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
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 65: self = .a
            case 66: self = .b
            case 67: self = .c
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .a: 65
            case .b: 66
            case .c: 67
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .a: "A"
            case .b: "B"
            case .c: "C"
            case .null, .unknown: nil
            }
        }
    }

    /// The set OptionalExtras.
    @frozen public struct OptionalExtras: SBEChoices {
        /// The bits.
        public var rawValue: UInt8

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `sunRoof`, bit 0.
        @_alwaysEmitIntoClient public static var sunRoof: Self { Self(rawValue: 1) }
        /// `sportsPack`, bit 1.
        @_alwaysEmitIntoClient public static var sportsPack: Self { Self(rawValue: 2) }
        /// `cruiseControl`, bit 2.
        @_alwaysEmitIntoClient public static var cruiseControl: Self { Self(rawValue: 4) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 1), "sunRoof"), (Self(rawValue: 2), "sportsPack"), (Self(rawValue: 4), "cruiseControl")]
        }
    }

    /// The composite Booster.
    public enum Booster: SBECompositeType {
        /// The schema.
        public typealias Schema = CarVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Booster" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 2 }
    }

    /// The composite Engine.
    public enum Engine: SBECompositeType {
        /// The schema.
        public typealias Schema = CarVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Engine" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 10 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field manufacturerCode.
            @_alwaysEmitIntoClient public var manufacturerCode: SBEMember<CarVectors.Engine.ManufacturerCodeField> { .init() }
            /// The field booster.
            @_alwaysEmitIntoClient public var booster: SBEMember<CarVectors.Engine.BoosterField> { .init() }
        }

        /// Where the field manufacturerCode is.
        public typealias ManufacturerCodeField = SBETextPlace<CarVectors.Engine, 3, 3, 0, SBEUTF8Text>

        /// Where the field booster is.
        public typealias BoosterField = SBECompositePlace<CarVectors.Booster, 8, 0>

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            "manufacturerCode"
        }
    }

    /// Description of a basic Car
    public enum Car: SBEMessage {
        /// The schema.
        public typealias Schema = CarVectors.Schema
        /// The first group or data.
        public typealias FirstPart = CarVectors.Car.FuelFigures
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Car" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 45 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field someNumbers.
            @_alwaysEmitIntoClient public var someNumbers: SBEMember<CarVectors.Car.SomeNumbersField> { .init() }
            /// The field vehicleCode.
            @_alwaysEmitIntoClient public var vehicleCode: SBEMember<CarVectors.Car.VehicleCodeField> { .init() }
            /// The field engine.
            @_alwaysEmitIntoClient public var engine: SBEMember<CarVectors.Car.EngineField> { .init() }
            /// The group fuelFigures.
            @_alwaysEmitIntoClient public var fuelFigures: SBEMember<CarVectors.Car.FuelFigures> { .init() }
            /// The group performanceFigures.
            @_alwaysEmitIntoClient public var performanceFigures: SBEMember<CarVectors.Car.PerformanceFigures> { .init() }
            /// The data manufacturer.
            @_alwaysEmitIntoClient public var manufacturer: SBEMember<CarVectors.Car.ManufacturerData> { .init() }
            /// The data model.
            @_alwaysEmitIntoClient public var model: SBEMember<CarVectors.Car.ModelData> { .init() }
            /// The data activationCode.
            @_alwaysEmitIntoClient public var activationCode: SBEMember<CarVectors.Car.ActivationCodeData> { .init() }
        }

        /// Where the field someNumbers is.
        public enum SomeNumbersField: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt32
            /// All of it.
            public typealias Values = InlineArray<4, UInt32>
            /// The schema.
            public typealias Schema = CarVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 12 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 4 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt32 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt32) -> Values { Values(element) }
        }

        /// Where the field vehicleCode is.
        public typealias VehicleCodeField = SBETextPlace<CarVectors.Car, 28, 6, 0, SBEUTF8Text>

        /// Where the field engine is.
        public typealias EngineField = SBECompositePlace<CarVectors.Engine, 35, 0>

        /// An entry of the group fuelFigures.
        public enum FuelFigures: SBEGroupBlock {
            /// The schema.
            public typealias Schema = CarVectors.Schema
            /// The first group or data.
            public typealias FirstPart = CarVectors.Car.FuelFigures.UsageDescriptionData
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = CarVectors.Car.PerformanceFigures
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "fuelFigures" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 6 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The data usageDescription.
                @_alwaysEmitIntoClient public var usageDescription: SBEMember<CarVectors.Car.FuelFigures.UsageDescriptionData> { .init() }
            }

            /// The data usageDescription.
            public enum UsageDescriptionData: SBEDataPart {
                /// The schema.
                public typealias Schema = CarVectors.Schema
                /// What precedes the data.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("usageDescription", length: SBEWireInteger(0, 4), dataOffset: 4, since: 0, 0, 1073741824, .utf8) }
            }
        }

        /// An entry of the group performanceFigures.
        public enum PerformanceFigures: SBEGroupBlock {
            /// The schema.
            public typealias Schema = CarVectors.Schema
            /// The first group or data.
            public typealias FirstPart = CarVectors.Car.PerformanceFigures.Acceleration
            /// What precedes the group.
            public typealias Previous = CarVectors.Car.FuelFigures
            /// What follows it.
            public typealias Next = CarVectors.Car.ManufacturerData
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "performanceFigures" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 1 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The group acceleration.
                @_alwaysEmitIntoClient public var acceleration: SBEMember<CarVectors.Car.PerformanceFigures.Acceleration> { .init() }
            }

            /// An entry of the group acceleration.
            public enum Acceleration: SBEGroupBlock {
                /// The schema.
                public typealias Schema = CarVectors.Schema
                /// The first group or data.
                public typealias FirstPart = SBEEnd
                /// What precedes the group.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = SBEEnd
                /// What precedes the entries, and how many there may be.
                @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
                /// The name in the schema.
                @_alwaysEmitIntoClient public static var name: StaticString { "acceleration" }
                /// Bytes of the fields.
                @_alwaysEmitIntoClient public static var blockLength: Int { 6 }
            }
        }

        /// The data manufacturer.
        public enum ManufacturerData: SBEDataPart {
            /// The schema.
            public typealias Schema = CarVectors.Schema
            /// What precedes the data.
            public typealias Previous = CarVectors.Car.PerformanceFigures
            /// What follows it.
            public typealias Next = CarVectors.Car.ModelData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("manufacturer", length: SBEWireInteger(0, 4), dataOffset: 4, since: 0, 0, 1073741824, .utf8) }
        }

        /// The data model.
        public enum ModelData: SBEDataPart {
            /// The schema.
            public typealias Schema = CarVectors.Schema
            /// What precedes the data.
            public typealias Previous = CarVectors.Car.ManufacturerData
            /// What follows it.
            public typealias Next = CarVectors.Car.ActivationCodeData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("model", length: SBEWireInteger(0, 4), dataOffset: 4, since: 0, 0, 1073741824, .utf8) }
        }

        /// The data activationCode.
        public enum ActivationCodeData: SBEDataPart {
            /// The schema.
            public typealias Schema = CarVectors.Schema
            /// What precedes the data.
            public typealias Previous = CarVectors.Car.ModelData
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("activationCode", length: SBEWireInteger(0, 4), dataOffset: 4, since: 0, 0, 1073741824, .utf8) }
        }

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            "vehicleCode"
        }
    }
}

extension SBEView where Block == CarVectors.Booster {
    /// `BoostType` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var boostType: CarVectors.BoosterBoostType { _load(0) }
    /// `horsePower` at byte 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var horsePower: UInt8 { _load(1) }
}

extension SBEEncoder where Block == CarVectors.Booster {
    /// `BoostType` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var boostType: CarVectors.BoosterBoostType {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `horsePower` at byte 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var horsePower: UInt8 {
        get { _load(1) }
        nonmutating set { _store(newValue, 1) }
    }
}

extension CarVectors.Booster {
    /// A copy of `Booster` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CarVectors.Booster
        /// The field BoostType.
        public var boostType: CarVectors.BoosterBoostType = .null
        /// The field horsePower.
        public var horsePower: UInt8 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.enumeration(&self.boostType, "BoostType", 0, null: .null, isOptional: false)
            visitor.number(&self.horsePower, "horsePower", 1)
        }
    }
}

extension SBEView where Block == CarVectors.Engine {
    /// `capacity` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var capacity: UInt16 { _load(0) }
    /// `numCylinders` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var numCylinders: UInt8 { _load(2) }
    /// `maxRpm`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var maxRpm: UInt16 { 9000 }
    /// `fuel`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fuel: String { "Petrol" }
    /// `efficiency` at byte 6.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var efficiency: Int8 { _load(6) }
    /// `boosterEnabled` at byte 7.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var boosterEnabled: CarVectors.BooleanType { _load(7) }
}

extension SBEEncoder where Block == CarVectors.Engine {
    /// `capacity` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var capacity: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `numCylinders` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var numCylinders: UInt8 {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
    /// `efficiency` at byte 6.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var efficiency: Int8 {
        get { _load(6) }
        nonmutating set { _store(newValue, 6) }
    }
    /// `boosterEnabled` at byte 7.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var boosterEnabled: CarVectors.BooleanType {
        get { _load(7) }
        nonmutating set { _store(newValue, 7) }
    }
}

extension CarVectors.Engine {
    /// A copy of `Engine` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CarVectors.Engine
        /// The field capacity.
        public var capacity: UInt16 = 0
        /// The field numCylinders.
        public var numCylinders: UInt8 = 0
        /// The field manufacturerCode.
        public var manufacturerCode: SBEOctets = SBEOctets()
        /// The field efficiency.
        public var efficiency: Int8 = 0
        /// The field boosterEnabled.
        public var boosterEnabled: CarVectors.BooleanType = .null
        /// The field booster.
        public var booster: CarVectors.Booster.Value = CarVectors.Booster.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.capacity, "capacity", 0)
            visitor.number(&self.numCylinders, "numCylinders", 2)
            visitor.constant(UInt16(9000), "maxRpm")
            visitor.text(&self.manufacturerCode, "manufacturerCode", 3, 3, .utf8, isASCII: true)
            visitor.constant([80, 101, 116, 114, 111, 108], "fuel", .utf8)
            visitor.number(&self.efficiency, "efficiency", 6, 0, 100)
            visitor.enumeration(&self.boosterEnabled, "boosterEnabled", 7, null: .null, isOptional: false)
            visitor.composite(&self.booster, "booster", 8)
        }
    }
}

extension SBEView where Block == CarVectors.Car {
    /// `serialNumber` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var serialNumber: UInt64 { _load(0) }
    /// `modelYear` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var modelYear: UInt16 { _load(8) }
    /// `available` at byte 10.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var available: CarVectors.BooleanType { _load(10) }
    /// `code` at byte 11.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var code: CarVectors.Model { _load(11) }
    /// `extras` at byte 34.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var extras: CarVectors.OptionalExtras { _load(34) }
    /// `discountedModel`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var discountedModel: CarVectors.Model { .c }
}

extension SBEEncoder where Block == CarVectors.Car {
    /// `serialNumber` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var serialNumber: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `modelYear` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var modelYear: UInt16 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
    /// `available` at byte 10.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var available: CarVectors.BooleanType {
        get { _load(10) }
        nonmutating set { _store(newValue, 10) }
    }
    /// `code` at byte 11.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var code: CarVectors.Model {
        get { _load(11) }
        nonmutating set { _store(newValue, 11) }
    }
    /// `extras` at byte 34.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var extras: CarVectors.OptionalExtras {
        get { _load(34) }
        nonmutating set { _store(newValue, 34) }
    }
}

extension SBEPartName where Part == CarVectors.Car.FuelFigures {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var fuelFigures: Self { Self() }
}

extension SBEPartName where Part == CarVectors.Car.PerformanceFigures {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var performanceFigures: Self { Self() }
}

extension SBEPartName where Part == CarVectors.Car.ManufacturerData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var manufacturer: Self { Self() }
}

extension SBEPartName where Part == CarVectors.Car.ModelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var model: Self { Self() }
}

extension SBEPartName where Part == CarVectors.Car.ActivationCodeData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var activationCode: Self { Self() }
}

extension SBEView where Block == CarVectors.Car.FuelFigures {
    /// `speed` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var speed: UInt16 { _load(0) }
    /// `mpg` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mpg: Float { _load(2) }
}

extension SBEEncoder where Block == CarVectors.Car.FuelFigures {
    /// `speed` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var speed: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `mpg` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mpg: Float {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
}

extension SBEPartName where Part == CarVectors.Car.FuelFigures.UsageDescriptionData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var usageDescription: Self { Self() }
}

extension SBEView where Block == CarVectors.Car.PerformanceFigures {
    /// `octaneRating` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var octaneRating: UInt8 { _load(0) }
}

extension SBEEncoder where Block == CarVectors.Car.PerformanceFigures {
    /// `octaneRating` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var octaneRating: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == CarVectors.Car.PerformanceFigures.Acceleration {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var acceleration: Self { Self() }
}

extension SBEView where Block == CarVectors.Car.PerformanceFigures.Acceleration {
    /// `mph` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mph: UInt16 { _load(0) }
    /// `seconds` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var seconds: Float { _load(2) }
}

extension SBEEncoder where Block == CarVectors.Car.PerformanceFigures.Acceleration {
    /// `mph` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mph: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `seconds` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var seconds: Float {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
}

extension CarVectors.Car {
    /// A copy of `Car` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CarVectors.Car
        /// The field serialNumber.
        public var serialNumber: UInt64 = 0
        /// The field modelYear.
        public var modelYear: UInt16 = 0
        /// The field available.
        public var available: CarVectors.BooleanType = .null
        /// The field code.
        public var code: CarVectors.Model = .null
        /// The field someNumbers.
        public var someNumbers: [UInt32] = [UInt32](repeating: 0, count: 4)
        /// The field vehicleCode.
        public var vehicleCode: SBEOctets = SBEOctets()
        /// The field extras.
        public var extras: CarVectors.OptionalExtras = []
        /// The field engine.
        public var engine: CarVectors.Engine.Value = CarVectors.Engine.Value()
        /// The group fuelFigures.
        public var fuelFigures: [CarVectors.Car.FuelFigures.Value] = []
        /// The group performanceFigures.
        public var performanceFigures: [CarVectors.Car.PerformanceFigures.Value] = []
        /// The data manufacturer.
        public var manufacturer = SBEOctets()
        /// The data model.
        public var model = SBEOctets()
        /// The data activationCode.
        public var activationCode = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.serialNumber, "serialNumber", 0)
            visitor.number(&self.modelYear, "modelYear", 8)
            visitor.enumeration(&self.available, "available", 10, null: .null, isOptional: false)
            visitor.enumeration(&self.code, "code", 11, null: .null, isOptional: false)
            visitor.array(&self.someNumbers, "someNumbers", 12, 4)
            visitor.text(&self.vehicleCode, "vehicleCode", 28, 6, .utf8, isASCII: true)
            visitor.choices(&self.extras, "extras", 34)
            visitor.constant(CarVectors.Model(sbeBits: 67), "discountedModel")
            visitor.composite(&self.engine, "engine", 35)
            visitor.group(&self.fuelFigures)
            visitor.group(&self.performanceFigures)
            visitor.data(&self.manufacturer, CarVectors.Car.ManufacturerData.self, .utf8, isASCII: false)
            visitor.data(&self.model, CarVectors.Car.ModelData.self, .utf8, isASCII: false)
            visitor.data(&self.activationCode, CarVectors.Car.ActivationCodeData.self, .utf8, isASCII: true)
        }
    }
}

extension CarVectors.Car.FuelFigures {
    /// A copy of `fuelFigures` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CarVectors.Car.FuelFigures
        /// The field speed.
        public var speed: UInt16 = 0
        /// The field mpg.
        public var mpg: Float = 0
        /// The data usageDescription.
        public var usageDescription = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.speed, "speed", 0)
            visitor.number(&self.mpg, "mpg", 2)
            visitor.data(&self.usageDescription, CarVectors.Car.FuelFigures.UsageDescriptionData.self, .utf8, isASCII: true)
        }
    }
}

extension CarVectors.Car.PerformanceFigures {
    /// A copy of `performanceFigures` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CarVectors.Car.PerformanceFigures
        /// The field octaneRating.
        public var octaneRating: UInt8 = 0
        /// The group acceleration.
        public var acceleration: [CarVectors.Car.PerformanceFigures.Acceleration.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.octaneRating, "octaneRating", 0, 90, 110)
            visitor.group(&self.acceleration)
        }
    }
}

extension CarVectors.Car.PerformanceFigures.Acceleration {
    /// A copy of `acceleration` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CarVectors.Car.PerformanceFigures.Acceleration
        /// The field mph.
        public var mph: UInt16 = 0
        /// The field seconds.
        public var seconds: Float = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.mph, "mph", 0)
            visitor.number(&self.seconds, "seconds", 2)
        }
    }
}
