// Generated from explicit-package.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Issue 507 - Test case for explicit packages for types
public enum ExplicitPackageVectors {
    /// Issue 507 - Test case for explicit packages for types
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 879 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 1 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
    }

    /// The enumeration BooleanType.
    @frozen public enum BooleanType: SBEEnumeration {
        /// `FALSE`, 0 on the wire.
        case `false`
        /// `TRUE`, 1 on the wire.
        case `true`
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(Int8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: Int8) {
            switch sbeBits {
            case 0: self = .false
            case 1: self = .true
            case -128: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: Int8 {
            switch self {
            case .false: 0
            case .true: 1
            case .null: -128
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .false: "FALSE"
            case .true: "TRUE"
            case .null, .unknown: nil
            }
        }
    }

    /// The set FuelType.
    @frozen public struct FuelType: SBEChoices {
        /// The bits.
        public var rawValue: UInt8

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `Petrol`, bit 1.
        @_alwaysEmitIntoClient public static var petrol: Self { Self(rawValue: 2) }
        /// `Diesel`, bit 2.
        @_alwaysEmitIntoClient public static var diesel: Self { Self(rawValue: 4) }
        /// `LPG`, bit 3.
        @_alwaysEmitIntoClient public static var lpg: Self { Self(rawValue: 8) }
        /// `Electric`, bit 4.
        @_alwaysEmitIntoClient public static var electric: Self { Self(rawValue: 16) }
        /// `Hybrid`, bit 5.
        @_alwaysEmitIntoClient public static var hybrid: Self { Self(rawValue: 32) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 2), "Petrol"), (Self(rawValue: 4), "Diesel"), (Self(rawValue: 8), "LPG"), (Self(rawValue: 16), "Electric"), (Self(rawValue: 32), "Hybrid")]
        }
    }

    /// The set Days.
    @frozen public struct Days: SBEChoices {
        /// The bits.
        public var rawValue: UInt8

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `Monday`, bit 0.
        @_alwaysEmitIntoClient public static var monday: Self { Self(rawValue: 1) }
        /// `Tuesday`, bit 1.
        @_alwaysEmitIntoClient public static var tuesday: Self { Self(rawValue: 2) }
        /// `Wednesday`, bit 2.
        @_alwaysEmitIntoClient public static var wednesday: Self { Self(rawValue: 4) }
        /// `Thursday`, bit 3.
        @_alwaysEmitIntoClient public static var thursday: Self { Self(rawValue: 8) }
        /// `Friday`, bit 4.
        @_alwaysEmitIntoClient public static var friday: Self { Self(rawValue: 16) }
        /// `Saturday`, bit 5.
        @_alwaysEmitIntoClient public static var saturday: Self { Self(rawValue: 32) }
        /// `Sunday`, bit 6.
        @_alwaysEmitIntoClient public static var sunday: Self { Self(rawValue: 64) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 1), "Monday"), (Self(rawValue: 2), "Tuesday"), (Self(rawValue: 4), "Wednesday"), (Self(rawValue: 8), "Thursday"), (Self(rawValue: 16), "Friday"), (Self(rawValue: 32), "Saturday"), (Self(rawValue: 64), "Sunday")]
        }
    }

    /// The composite FuelSpec.
    public enum FuelSpec: SBECompositeType {
        /// The schema.
        public typealias Schema = ExplicitPackageVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "FuelSpec" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 5 }
    }

    /// The composite Engine.
    public enum CarEngine: SBECompositeType {
        /// The schema.
        public typealias Schema = ExplicitPackageVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Engine" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 14 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field fuel.
            @_alwaysEmitIntoClient public var fuel: SBEMember<ExplicitPackageVectors.CarEngine.FuelField> { .init() }
        }

        /// Where the field fuel is.
        public typealias FuelField = SBECompositePlace<ExplicitPackageVectors.FuelSpec, 9, 0>
    }

    /// Message identifiers and length of message root
    public enum Car: SBECompositeType {
        /// The schema.
        public typealias Schema = ExplicitPackageVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Car" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 19 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field Engine.
            @_alwaysEmitIntoClient public var engine: SBEMember<ExplicitPackageVectors.Car.EngineField> { .init() }
        }

        /// Where the field Engine is.
        public typealias EngineField = SBECompositePlace<ExplicitPackageVectors.CarEngine, 5, 0>
    }

    /// The message TestMessage, template 1.
    public enum TestMessage: SBEMessage {
        /// The schema.
        public typealias Schema = ExplicitPackageVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 29 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field car.
            @_alwaysEmitIntoClient public var car: SBEMember<ExplicitPackageVectors.TestMessage.CarField> { .init() }
        }

        /// Where the field car is.
        public typealias CarField = SBECompositePlace<ExplicitPackageVectors.Car, 8, 0>
    }
}

extension SBEView where Block == ExplicitPackageVectors.FuelSpec {
    /// `limit` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var limit: Int32 { _load(0) }
    /// `fuel` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fuel: ExplicitPackageVectors.FuelType { _load(4) }
}

extension SBEEncoder where Block == ExplicitPackageVectors.FuelSpec {
    /// `limit` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var limit: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `fuel` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fuel: ExplicitPackageVectors.FuelType {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
}

extension ExplicitPackageVectors.FuelSpec {
    /// A copy of `FuelSpec` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExplicitPackageVectors.FuelSpec
        /// The field limit.
        public var limit: Int32 = 0
        /// The field fuel.
        public var fuel: ExplicitPackageVectors.FuelType = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.limit, "limit", 0)
            visitor.choices(&self.fuel, "fuel", 4)
        }
    }
}

extension SBEView where Block == ExplicitPackageVectors.CarEngine {
    /// `power` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var power: Int32 { _load(0) }
    /// `torque` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var torque: Int32 { _load(4) }
    /// `ice` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var ice: ExplicitPackageVectors.BooleanType { _load(8) }
}

extension SBEEncoder where Block == ExplicitPackageVectors.CarEngine {
    /// `power` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var power: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `torque` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var torque: Int32 {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
    /// `ice` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var ice: ExplicitPackageVectors.BooleanType {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
}

extension ExplicitPackageVectors.CarEngine {
    /// A copy of `Engine` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExplicitPackageVectors.CarEngine
        /// The field power.
        public var power: Int32 = 0
        /// The field torque.
        public var torque: Int32 = 0
        /// The field ice.
        public var ice: ExplicitPackageVectors.BooleanType = .null
        /// The field fuel.
        public var fuel: ExplicitPackageVectors.FuelSpec.Value = ExplicitPackageVectors.FuelSpec.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.power, "power", 0)
            visitor.number(&self.torque, "torque", 4)
            visitor.enumeration(&self.ice, "ice", 8, null: .null, isOptional: false)
            visitor.composite(&self.fuel, "fuel", 9)
        }
    }
}

extension SBEView where Block == ExplicitPackageVectors.Car {
    /// `make` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var make: UInt16 { _load(0) }
    /// `model` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var model: UInt16 { _load(2) }
    /// `vintage` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var vintage: ExplicitPackageVectors.BooleanType { _load(4) }
}

extension SBEEncoder where Block == ExplicitPackageVectors.Car {
    /// `make` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var make: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `model` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var model: UInt16 {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
    /// `vintage` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var vintage: ExplicitPackageVectors.BooleanType {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
}

extension ExplicitPackageVectors.Car {
    /// A copy of `Car` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExplicitPackageVectors.Car
        /// The field make.
        public var make: UInt16 = 0
        /// The field model.
        public var model: UInt16 = 0
        /// The field vintage.
        public var vintage: ExplicitPackageVectors.BooleanType = .null
        /// The field Engine.
        public var engine: ExplicitPackageVectors.CarEngine.Value = ExplicitPackageVectors.CarEngine.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.make, "make", 0)
            visitor.number(&self.model, "model", 2)
            visitor.enumeration(&self.vintage, "vintage", 4, null: .null, isOptional: false)
            visitor.composite(&self.engine, "Engine", 5)
        }
    }
}

extension SBEView where Block == ExplicitPackageVectors.TestMessage {
    /// `id` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var id: UInt64 { _load(0) }
    /// `electric` at byte 27.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var electric: ExplicitPackageVectors.BooleanType { _load(27) }
    /// `toChargeOn` at byte 28.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var toChargeOn: ExplicitPackageVectors.Days { _load(28) }
}

extension SBEEncoder where Block == ExplicitPackageVectors.TestMessage {
    /// `id` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var id: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `electric` at byte 27.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var electric: ExplicitPackageVectors.BooleanType {
        get { _load(27) }
        nonmutating set { _store(newValue, 27) }
    }
    /// `toChargeOn` at byte 28.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var toChargeOn: ExplicitPackageVectors.Days {
        get { _load(28) }
        nonmutating set { _store(newValue, 28) }
    }
}

extension ExplicitPackageVectors.TestMessage {
    /// A copy of `TestMessage` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExplicitPackageVectors.TestMessage
        /// The field id.
        public var id: UInt64 = 0
        /// The field car.
        public var car: ExplicitPackageVectors.Car.Value = ExplicitPackageVectors.Car.Value()
        /// The field electric.
        public var electric: ExplicitPackageVectors.BooleanType = .null
        /// The field toChargeOn.
        public var toChargeOn: ExplicitPackageVectors.Days = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.id, "id", 0)
            visitor.composite(&self.car, "car", 8)
            visitor.enumeration(&self.electric, "electric", 27, null: .null, isOptional: false)
            visitor.choices(&self.toChargeOn, "toChargeOn", 28)
        }
    }
}
