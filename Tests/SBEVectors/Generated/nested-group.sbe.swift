// Generated from nested-group.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum NestedGroupVectors {
    /// Unit Test
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 2 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 2, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 1)) }
    }

    /// Top
    public enum Top: SBEMessage {
        /// The schema.
        public typealias Schema = NestedGroupVectors.Schema
        /// The first group or data.
        public typealias FirstPart = NestedGroupVectors.Top.X
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Top" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 16 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The group x.
            @_alwaysEmitIntoClient public var x: SBEMember<NestedGroupVectors.Top.X> { .init() }
        }

        /// An entry of the group x.
        public enum X: SBEGroupBlock {
            /// The schema.
            public typealias Schema = NestedGroupVectors.Schema
            /// The first group or data.
            public typealias FirstPart = NestedGroupVectors.Top.X.Y
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 2, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "x" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 1 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The group y.
                @_alwaysEmitIntoClient public var y: SBEMember<NestedGroupVectors.Top.X.Y> { .init() }
            }

            /// An entry of the group y.
            public enum Y: SBEGroupBlock {
                /// The schema.
                public typealias Schema = NestedGroupVectors.Schema
                /// The first group or data.
                public typealias FirstPart = NestedGroupVectors.Top.X.Y.Z
                /// What precedes the group.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = SBEEnd
                /// What precedes the entries, and how many there may be.
                @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 2, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 1)), since: 0, 0, 255) }
                /// The name in the schema.
                @_alwaysEmitIntoClient public static var name: StaticString { "y" }
                /// Bytes of the fields.
                @_alwaysEmitIntoClient public static var blockLength: Int { 1 }

                /// What a view of this type offers beside plain values. There are no values of it.
                public struct Members {
                    /// The group z.
                    @_alwaysEmitIntoClient public var z: SBEMember<NestedGroupVectors.Top.X.Y.Z> { .init() }
                }

                /// An entry of the group z.
                public enum Z: SBEGroupBlock {
                    /// The schema.
                    public typealias Schema = NestedGroupVectors.Schema
                    /// The first group or data.
                    public typealias FirstPart = SBEEnd
                    /// What precedes the group.
                    public typealias Previous = SBEStart
                    /// What follows it.
                    public typealias Next = SBEEnd
                    /// What precedes the entries, and how many there may be.
                    @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 2, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 1)), since: 0, 0, 255) }
                    /// The name in the schema.
                    @_alwaysEmitIntoClient public static var name: StaticString { "z" }
                    /// Bytes of the fields.
                    @_alwaysEmitIntoClient public static var blockLength: Int { 1 }
                }
            }
        }
    }
}

extension SBEView where Block == NestedGroupVectors.Top {
    /// `a` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var a: UInt8 { _load(0) }
}

extension SBEEncoder where Block == NestedGroupVectors.Top {
    /// `a` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var a: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == NestedGroupVectors.Top.X {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var x: Self { Self() }
}

extension SBEView where Block == NestedGroupVectors.Top.X {
    /// `b` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var b: UInt8 { _load(0) }
}

extension SBEEncoder where Block == NestedGroupVectors.Top.X {
    /// `b` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var b: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == NestedGroupVectors.Top.X.Y {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var y: Self { Self() }
}

extension SBEView where Block == NestedGroupVectors.Top.X.Y {
    /// `c` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var c: UInt8 { _load(0) }
}

extension SBEEncoder where Block == NestedGroupVectors.Top.X.Y {
    /// `c` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var c: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == NestedGroupVectors.Top.X.Y.Z {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var z: Self { Self() }
}

extension SBEView where Block == NestedGroupVectors.Top.X.Y.Z {
    /// `d` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var d: UInt8 { _load(0) }
}

extension SBEEncoder where Block == NestedGroupVectors.Top.X.Y.Z {
    /// `d` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var d: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension NestedGroupVectors.Top {
    /// A copy of `Top` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = NestedGroupVectors.Top
        /// The field a.
        public var a: UInt8 = 0
        /// The group x.
        public var x: [NestedGroupVectors.Top.X.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.a, "a", 0)
            visitor.group(&self.x)
        }
    }
}

extension NestedGroupVectors.Top.X {
    /// A copy of `x` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = NestedGroupVectors.Top.X
        /// The field b.
        public var b: UInt8 = 0
        /// The group y.
        public var y: [NestedGroupVectors.Top.X.Y.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.b, "b", 0)
            visitor.group(&self.y)
        }
    }
}

extension NestedGroupVectors.Top.X.Y {
    /// A copy of `y` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = NestedGroupVectors.Top.X.Y
        /// The field c.
        public var c: UInt8 = 0
        /// The group z.
        public var z: [NestedGroupVectors.Top.X.Y.Z.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.c, "c", 0)
            visitor.group(&self.z)
        }
    }
}

extension NestedGroupVectors.Top.X.Y.Z {
    /// A copy of `z` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = NestedGroupVectors.Top.X.Y.Z
        /// The field d.
        public var d: UInt8 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.d, "d", 0)
        }
    }
}
