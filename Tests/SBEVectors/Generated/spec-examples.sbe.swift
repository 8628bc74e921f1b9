// Generated from spec-examples.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// The messages of spec-examples.sbe.xml.
public enum SpecExamplesVectors {
    /// What the messages of the package Examples have in common.
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 91 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 2) }
    }

    /// The enumeration businessRejectReasonEnum.
    @frozen public enum BusinessRejectReasonEnum: SBEEnumeration {
        /// `Other`, 0 on the wire.
        case other
        /// `UnknownID`, 1 on the wire.
        case unknownID
        /// `UnknownSecurity`, 2 on the wire.
        case unknownSecurity
        /// `ApplicationNotAvailable`, 4 on the wire.
        case applicationNotAvailable
        /// `NotAuthorized`, 6 on the wire.
        case notAuthorized
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 0: self = .other
            case 1: self = .unknownID
            case 2: self = .unknownSecurity
            case 4: self = .applicationNotAvailable
            case 6: self = .notAuthorized
            case 255: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .other: 0
            case .unknownID: 1
            case .unknownSecurity: 2
            case .applicationNotAvailable: 4
            case .notAuthorized: 6
            case .null: 255
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .other: "Other"
            case .unknownID: "UnknownID"
            case .unknownSecurity: "UnknownSecurity"
            case .applicationNotAvailable: "ApplicationNotAvailable"
            case .notAuthorized: "NotAuthorized"
            case .null, .unknown: nil
            }
        }
    }

    /// The enumeration execTypeEnum.
    @frozen public enum ExecTypeEnum: SBEEnumeration {
        /// `New`, 48 on the wire.
        case new
        /// `DoneForDay`, 51 on the wire.
        case doneForDay
        /// `Canceled`, 52 on the wire.
        case canceled
        /// `Replaced`, 53 on the wire.
        case replaced
        /// `PendingCancel`, 54 on the wire.
        case pendingCancel
        /// `Rejected`, 56 on the wire.
        case rejected
        /// `PendingNew`, 65 on the wire.
        case pendingNew
        /// `Trade`, 70 on the wire.
        case trade
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 48: self = .new
            case 51: self = .doneForDay
            case 52: self = .canceled
            case 53: self = .replaced
            case 54: self = .pendingCancel
            case 56: self = .rejected
            case 65: self = .pendingNew
            case 70: self = .trade
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .new: 48
            case .doneForDay: 51
            case .canceled: 52
            case .replaced: 53
            case .pendingCancel: 54
            case .rejected: 56
            case .pendingNew: 65
            case .trade: 70
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .new: "New"
            case .doneForDay: "DoneForDay"
            case .canceled: "Canceled"
            case .replaced: "Replaced"
            case .pendingCancel: "PendingCancel"
            case .rejected: "Rejected"
            case .pendingNew: "PendingNew"
            case .trade: "Trade"
            case .null, .unknown: nil
            }
        }
    }

    /// The enumeration ordStatusEnum.
    @frozen public enum OrdStatusEnum: SBEEnumeration {
        /// `New`, 48 on the wire.
        case new
        /// `PartialFilled`, 49 on the wire.
        case partialFilled
        /// `Filled`, 50 on the wire.
        case filled
        /// `DoneForDay`, 51 on the wire.
        case doneForDay
        /// `Canceled`, 52 on the wire.
        case canceled
        /// `PendingCancel`, 54 on the wire.
        case pendingCancel
        /// `Rejected`, 56 on the wire.
        case rejected
        /// `PendingNew`, 65 on the wire.
        case pendingNew
        /// `PendingReplace`, 69 on the wire.
        case pendingReplace
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 48: self = .new
            case 49: self = .partialFilled
            case 50: self = .filled
            case 51: self = .doneForDay
            case 52: self = .canceled
            case 54: self = .pendingCancel
            case 56: self = .rejected
            case 65: self = .pendingNew
            case 69: self = .pendingReplace
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .new: 48
            case .partialFilled: 49
            case .filled: 50
            case .doneForDay: 51
            case .canceled: 52
            case .pendingCancel: 54
            case .rejected: 56
            case .pendingNew: 65
            case .pendingReplace: 69
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .new: "New"
            case .partialFilled: "PartialFilled"
            case .filled: "Filled"
            case .doneForDay: "DoneForDay"
            case .canceled: "Canceled"
            case .pendingCancel: "PendingCancel"
            case .rejected: "Rejected"
            case .pendingNew: "PendingNew"
            case .pendingReplace: "PendingReplace"
            case .null, .unknown: nil
            }
        }
    }

    /// The enumeration ordTypeEnum.
    @frozen public enum OrdTypeEnum: SBEEnumeration {
        /// `Market`, 49 on the wire.
        case market
        /// `Limit`, 50 on the wire.
        case limit
        /// `Stop`, 51 on the wire.
        case stop
        /// `StopLimit`, 52 on the wire.
        case stopLimit
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 49: self = .market
            case 50: self = .limit
            case 51: self = .stop
            case 52: self = .stopLimit
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .market: 49
            case .limit: 50
            case .stop: 51
            case .stopLimit: 52
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .market: "Market"
            case .limit: "Limit"
            case .stop: "Stop"
            case .stopLimit: "StopLimit"
            case .null, .unknown: nil
            }
        }
    }

    /// The enumeration sideEnum.
    @frozen public enum SideEnum: SBEEnumeration {
        /// `Buy`, 49 on the wire.
        case buy
        /// `Sell`, 50 on the wire.
        case sell
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 49: self = .buy
            case 50: self = .sell
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .buy: 49
            case .sell: 50
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .buy: "Buy"
            case .sell: "Sell"
            case .null, .unknown: nil
            }
        }
    }

    /// The composite MONTH_YEAR.
    public enum MonthYear: SBECompositeType {
        /// The schema.
        public typealias Schema = SpecExamplesVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "MONTH_YEAR" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 5 }
    }

    /// The composite optionalDecimalEncoding.
    public enum OptionalDecimalEncoding: SBECompositeType {
        /// The schema.
        public typealias Schema = SpecExamplesVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "optionalDecimalEncoding" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }
    }

    /// The composite qtyEncoding.
    public enum QtyEncoding: SBECompositeType {
        /// The schema.
        public typealias Schema = SpecExamplesVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "qtyEncoding" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 4 }
    }

    /// The message BusinessMessageReject, template 97.
    public enum BusinessMessageReject: SBEMessage {
        /// The schema.
        public typealias Schema = SpecExamplesVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SpecExamplesVectors.BusinessMessageReject.TextData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "BusinessMessageReject" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 97 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 9 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field BusinesRejectRefId.
            @_alwaysEmitIntoClient public var businesRejectRefId: SBEMember<SpecExamplesVectors.BusinessMessageReject.BusinesRejectRefIdField> { .init() }
            /// The data Text.
            @_alwaysEmitIntoClient public var text: SBEMember<SpecExamplesVectors.BusinessMessageReject.TextData> { .init() }
        }

        /// Where the field BusinesRejectRefId is.
        public typealias BusinesRejectRefIdField = SBETextPlace<SpecExamplesVectors.BusinessMessageReject, 0, 8, 0, SBEUTF8Text>

        /// The data Text.
        public enum TextData: SBEDataPart {
            /// The schema.
            public typealias Schema = SpecExamplesVectors.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("Text", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            "BusinesRejectRefId"
        }
    }

    /// The message ExecutionReport, template 98.
    public enum ExecutionReport: SBEMessage {
        /// The schema.
        public typealias Schema = SpecExamplesVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SpecExamplesVectors.ExecutionReport.FillsGrp
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "ExecutionReport" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 98 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 42 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field OrderID.
            @_alwaysEmitIntoClient public var orderID: SBEMember<SpecExamplesVectors.ExecutionReport.OrderIDField> { .init() }
            /// The field ExecID.
            @_alwaysEmitIntoClient public var execID: SBEMember<SpecExamplesVectors.ExecutionReport.ExecIDField> { .init() }
            /// The field Symbol.
            @_alwaysEmitIntoClient public var symbol: SBEMember<SpecExamplesVectors.ExecutionReport.SymbolField> { .init() }
            /// The field MaturityMonthYear.
            @_alwaysEmitIntoClient public var maturityMonthYear: SBEMember<SpecExamplesVectors.ExecutionReport.MaturityMonthYearField> { .init() }
            /// The field LeavesQty.
            @_alwaysEmitIntoClient public var leavesQty: SBEMember<SpecExamplesVectors.ExecutionReport.LeavesQtyField> { .init() }
            /// The field CumQty.
            @_alwaysEmitIntoClient public var cumQty: SBEMember<SpecExamplesVectors.ExecutionReport.CumQtyField> { .init() }
            /// The group FillsGrp.
            @_alwaysEmitIntoClient public var fillsGrp: SBEMember<SpecExamplesVectors.ExecutionReport.FillsGrp> { .init() }
        }

        /// Where the field OrderID is.
        public typealias OrderIDField = SBETextPlace<SpecExamplesVectors.ExecutionReport, 0, 8, 0, SBEUTF8Text>

        /// Where the field ExecID is.
        public typealias ExecIDField = SBETextPlace<SpecExamplesVectors.ExecutionReport, 8, 8, 0, SBEUTF8Text>

        /// Where the field Symbol is.
        public typealias SymbolField = SBETextPlace<SpecExamplesVectors.ExecutionReport, 18, 8, 0, SBEUTF8Text>

        /// Where the field MaturityMonthYear is.
        public typealias MaturityMonthYearField = SBECompositePlace<SpecExamplesVectors.MonthYear, 26, 0>

        /// Where the field LeavesQty is.
        public typealias LeavesQtyField = SBECompositePlace<SpecExamplesVectors.QtyEncoding, 32, 0>

        /// Where the field CumQty is.
        public typealias CumQtyField = SBECompositePlace<SpecExamplesVectors.QtyEncoding, 36, 0>

        /// An entry of the group FillsGrp.
        public enum FillsGrp: SBEGroupBlock {
            /// The schema.
            public typealias Schema = SpecExamplesVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "FillsGrp" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 12 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The field FillPx.
                @_alwaysEmitIntoClient public var fillPx: SBEMember<SpecExamplesVectors.ExecutionReport.FillsGrp.FillPxField> { .init() }
                /// The field FillQty.
                @_alwaysEmitIntoClient public var fillQty: SBEMember<SpecExamplesVectors.ExecutionReport.FillsGrp.FillQtyField> { .init() }
            }

            /// Where the field FillPx is.
            public typealias FillPxField = SBECompositePlace<SpecExamplesVectors.OptionalDecimalEncoding, 0, 0>

            /// Where the field FillQty is.
            public typealias FillQtyField = SBECompositePlace<SpecExamplesVectors.QtyEncoding, 8, 0>

            /// Makes the optional fields null.
            @_alwaysEmitIntoClient public static func _setNulls(_ block: borrowing SBENulls) {
                block._store64(9223372036854775808, 0)
            }
        }

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            switch offset {
            case 0: "OrderID"
            case 8: "ExecID"
            default: "Symbol"
            }
        }
    }

    /// The message NewOrderSingle, template 99.
    public enum NewOrderSingle: SBEMessage {
        /// The schema.
        public typealias Schema = SpecExamplesVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "NewOrderSingle" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 99 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 54 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field ClOrdId.
            @_alwaysEmitIntoClient public var clOrdId: SBEMember<SpecExamplesVectors.NewOrderSingle.ClOrdIdField> { .init() }
            /// The field Account.
            @_alwaysEmitIntoClient public var account: SBEMember<SpecExamplesVectors.NewOrderSingle.AccountField> { .init() }
            /// The field Symbol.
            @_alwaysEmitIntoClient public var symbol: SBEMember<SpecExamplesVectors.NewOrderSingle.SymbolField> { .init() }
            /// The field OrderQty.
            @_alwaysEmitIntoClient public var orderQty: SBEMember<SpecExamplesVectors.NewOrderSingle.OrderQtyField> { .init() }
            /// The field Price.
            @_alwaysEmitIntoClient public var price: SBEMember<SpecExamplesVectors.NewOrderSingle.PriceField> { .init() }
            /// The field StopPx.
            @_alwaysEmitIntoClient public var stopPx: SBEMember<SpecExamplesVectors.NewOrderSingle.StopPxField> { .init() }
        }

        /// Where the field ClOrdId is.
        public typealias ClOrdIdField = SBETextPlace<SpecExamplesVectors.NewOrderSingle, 0, 8, 0, SBEUTF8Text>

        /// Where the field Account is.
        public typealias AccountField = SBETextPlace<SpecExamplesVectors.NewOrderSingle, 8, 8, 0, SBEUTF8Text>

        /// Where the field Symbol is.
        public typealias SymbolField = SBETextPlace<SpecExamplesVectors.NewOrderSingle, 16, 8, 0, SBEUTF8Text>

        /// Where the field OrderQty is.
        public typealias OrderQtyField = SBECompositePlace<SpecExamplesVectors.QtyEncoding, 33, 0>

        /// Where the field Price is.
        public typealias PriceField = SBECompositePlace<SpecExamplesVectors.OptionalDecimalEncoding, 38, 0>

        /// Where the field StopPx is.
        public typealias StopPxField = SBECompositePlace<SpecExamplesVectors.OptionalDecimalEncoding, 46, 0>

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            switch offset {
            case 0: "ClOrdId"
            case 8: "Account"
            default: "Symbol"
            }
        }

        /// Makes the optional fields null.
        @_alwaysEmitIntoClient public static func _setNulls(_ block: borrowing SBENulls) {
            block._store64(9223372036854775808, 38)
            block._store64(9223372036854775808, 46)
        }
    }
}

extension SBEView where Block == SpecExamplesVectors.MonthYear {
    /// `year` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var year: UInt16 { _load(0) }
    /// `month` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var month: UInt8 { _load(2) }
    /// `day` at byte 3.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var day: UInt8 { _load(3) }
    /// `week` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var week: UInt8 { _load(4) }
}

extension SBEEncoder where Block == SpecExamplesVectors.MonthYear {
    /// `year` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var year: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `month` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var month: UInt8 {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
    /// `day` at byte 3.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var day: UInt8 {
        get { _load(3) }
        nonmutating set { _store(newValue, 3) }
    }
    /// `week` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var week: UInt8 {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
}

extension SpecExamplesVectors.MonthYear {
    /// A copy of `MONTH_YEAR` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = SpecExamplesVectors.MonthYear
        /// The field year.
        public var year: UInt16 = 0
        /// The field month.
        public var month: UInt8 = 0
        /// The field day.
        public var day: UInt8 = 0
        /// The field week.
        public var week: UInt8 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.year, "year", 0)
            visitor.number(&self.month, "month", 2)
            visitor.number(&self.day, "day", 3)
            visitor.number(&self.week, "week", 4)
        }
    }
}

extension SBEView where Block == SpecExamplesVectors.OptionalDecimalEncoding {
    /// `mantissa` at byte 0, optional.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mantissa: Int64? { _loadOptional(0, null: -9223372036854775808) }
    /// `exponent`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var exponent: Int8 { -3 }
}

extension SBEEncoder where Block == SpecExamplesVectors.OptionalDecimalEncoding {
    /// `mantissa` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mantissa: Int64? {
        get { _loadOptional(0, null: -9223372036854775808) }
        nonmutating set { _storeOptional(newValue, 0, null: -9223372036854775808) }
    }
}

extension SpecExamplesVectors.OptionalDecimalEncoding {
    /// A copy of `optionalDecimalEncoding` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = SpecExamplesVectors.OptionalDecimalEncoding
        /// The field mantissa.
        public var mantissa: Int64? = nil

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.optional(&self.mantissa, "mantissa", 0, null: -9223372036854775808)
            visitor.constant(Int8(-3), "exponent")
        }
    }
}

extension SBEView where Block == SpecExamplesVectors.QtyEncoding {
    /// `mantissa` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mantissa: Int32 { _load(0) }
    /// `exponent`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var exponent: Int8 { 0 }
}

extension SBEEncoder where Block == SpecExamplesVectors.QtyEncoding {
    /// `mantissa` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mantissa: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SpecExamplesVectors.QtyEncoding {
    /// A copy of `qtyEncoding` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = SpecExamplesVectors.QtyEncoding
        /// The field mantissa.
        public var mantissa: Int32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.mantissa, "mantissa", 0)
            visitor.constant(Int8(0), "exponent")
        }
    }
}

extension SBEView where Block == SpecExamplesVectors.BusinessMessageReject {
    /// `BusinessRejectReason` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var businessRejectReason: SpecExamplesVectors.BusinessRejectReasonEnum { _load(8) }
}

extension SBEEncoder where Block == SpecExamplesVectors.BusinessMessageReject {
    /// `BusinessRejectReason` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var businessRejectReason: SpecExamplesVectors.BusinessRejectReasonEnum {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
}

extension SBEPartName where Part == SpecExamplesVectors.BusinessMessageReject.TextData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var text: Self { Self() }
}

extension SpecExamplesVectors.BusinessMessageReject {
    /// A copy of `BusinessMessageReject` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = SpecExamplesVectors.BusinessMessageReject
        /// The field BusinesRejectRefId.
        public var businesRejectRefId: SBEOctets = SBEOctets()
        /// The field BusinessRejectReason.
        public var businessRejectReason: SpecExamplesVectors.BusinessRejectReasonEnum = .null
        /// The data Text.
        public var text = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.text(&self.businesRejectRefId, "BusinesRejectRefId", 0, 8, .utf8, isASCII: true)
            visitor.enumeration(&self.businessRejectReason, "BusinessRejectReason", 8, null: .null, isOptional: false)
            visitor.data(&self.text, SpecExamplesVectors.BusinessMessageReject.TextData.self)
        }
    }
}

extension SBEView where Block == SpecExamplesVectors.ExecutionReport {
    /// `ExecType` at byte 16.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var execType: SpecExamplesVectors.ExecTypeEnum { _load(16) }
    /// `OrdStatus` at byte 17.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var ordStatus: SpecExamplesVectors.OrdStatusEnum { _load(17) }
    /// `Side` at byte 31.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: SpecExamplesVectors.SideEnum { _load(31) }
    /// `TradeDate` at byte 40.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tradeDate: UInt16 { _load(40) }
}

extension SBEEncoder where Block == SpecExamplesVectors.ExecutionReport {
    /// `ExecType` at byte 16.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var execType: SpecExamplesVectors.ExecTypeEnum {
        get { _load(16) }
        nonmutating set { _store(newValue, 16) }
    }
    /// `OrdStatus` at byte 17.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var ordStatus: SpecExamplesVectors.OrdStatusEnum {
        get { _load(17) }
        nonmutating set { _store(newValue, 17) }
    }
    /// `Side` at byte 31.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: SpecExamplesVectors.SideEnum {
        get { _load(31) }
        nonmutating set { _store(newValue, 31) }
    }
    /// `TradeDate` at byte 40.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tradeDate: UInt16 {
        get { _load(40) }
        nonmutating set { _store(newValue, 40) }
    }
}

extension SBEPartName where Part == SpecExamplesVectors.ExecutionReport.FillsGrp {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var fillsGrp: Self { Self() }
}

extension SpecExamplesVectors.ExecutionReport {
    /// A copy of `ExecutionReport` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = SpecExamplesVectors.ExecutionReport
        /// The field OrderID.
        public var orderID: SBEOctets = SBEOctets()
        /// The field ExecID.
        public var execID: SBEOctets = SBEOctets()
        /// The field ExecType.
        public var execType: SpecExamplesVectors.ExecTypeEnum = .null
        /// The field OrdStatus.
        public var ordStatus: SpecExamplesVectors.OrdStatusEnum = .null
        /// The field Symbol.
        public var symbol: SBEOctets = SBEOctets()
        /// The field MaturityMonthYear.
        public var maturityMonthYear: SpecExamplesVectors.MonthYear.Value = SpecExamplesVectors.MonthYear.Value()
        /// The field Side.
        public var side: SpecExamplesVectors.SideEnum = .null
        /// The field LeavesQty.
        public var leavesQty: SpecExamplesVectors.QtyEncoding.Value = SpecExamplesVectors.QtyEncoding.Value()
        /// The field CumQty.
        public var cumQty: SpecExamplesVectors.QtyEncoding.Value = SpecExamplesVectors.QtyEncoding.Value()
        /// The field TradeDate.
        public var tradeDate: UInt16 = 0
        /// The group FillsGrp.
        public var fillsGrp: [SpecExamplesVectors.ExecutionReport.FillsGrp.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.text(&self.orderID, "OrderID", 0, 8, .utf8, isASCII: true)
            visitor.text(&self.execID, "ExecID", 8, 8, .utf8, isASCII: true)
            visitor.enumeration(&self.execType, "ExecType", 16, null: .null, isOptional: false)
            visitor.enumeration(&self.ordStatus, "OrdStatus", 17, null: .null, isOptional: false)
            visitor.text(&self.symbol, "Symbol", 18, 8, .utf8, isASCII: true)
            visitor.composite(&self.maturityMonthYear, "MaturityMonthYear", 26)
            visitor.enumeration(&self.side, "Side", 31, null: .null, isOptional: false)
            visitor.composite(&self.leavesQty, "LeavesQty", 32)
            visitor.composite(&self.cumQty, "CumQty", 36)
            visitor.number(&self.tradeDate, "TradeDate", 40)
            visitor.group(&self.fillsGrp)
        }
    }
}

extension SpecExamplesVectors.ExecutionReport.FillsGrp {
    /// A copy of `FillsGrp` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = SpecExamplesVectors.ExecutionReport.FillsGrp
        /// The field FillPx.
        public var fillPx: SpecExamplesVectors.OptionalDecimalEncoding.Value = SpecExamplesVectors.OptionalDecimalEncoding.Value()
        /// The field FillQty.
        public var fillQty: SpecExamplesVectors.QtyEncoding.Value = SpecExamplesVectors.QtyEncoding.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.fillPx, "FillPx", 0)
            visitor.composite(&self.fillQty, "FillQty", 8)
        }
    }
}

extension SBEView where Block == SpecExamplesVectors.NewOrderSingle {
    /// `Side` at byte 24.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: SpecExamplesVectors.SideEnum { _load(24) }
    /// `TransactTime` at byte 25.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var transactTime: UInt64 { _load(25) }
    /// `OrdType` at byte 37.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var ordType: SpecExamplesVectors.OrdTypeEnum { _load(37) }
}

extension SBEEncoder where Block == SpecExamplesVectors.NewOrderSingle {
    /// `Side` at byte 24.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: SpecExamplesVectors.SideEnum {
        get { _load(24) }
        nonmutating set { _store(newValue, 24) }
    }
    /// `TransactTime` at byte 25.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var transactTime: UInt64 {
        get { _load(25) }
        nonmutating set { _store(newValue, 25) }
    }
    /// `OrdType` at byte 37.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var ordType: SpecExamplesVectors.OrdTypeEnum {
        get { _load(37) }
        nonmutating set { _store(newValue, 37) }
    }
}

extension SpecExamplesVectors.NewOrderSingle {
    /// A copy of `NewOrderSingle` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = SpecExamplesVectors.NewOrderSingle
        /// The field ClOrdId.
        public var clOrdId: SBEOctets = SBEOctets()
        /// The field Account.
        public var account: SBEOctets = SBEOctets()
        /// The field Symbol.
        public var symbol: SBEOctets = SBEOctets()
        /// The field Side.
        public var side: SpecExamplesVectors.SideEnum = .null
        /// The field TransactTime.
        public var transactTime: UInt64 = 0
        /// The field OrderQty.
        public var orderQty: SpecExamplesVectors.QtyEncoding.Value = SpecExamplesVectors.QtyEncoding.Value()
        /// The field OrdType.
        public var ordType: SpecExamplesVectors.OrdTypeEnum = .null
        /// The field Price.
        public var price: SpecExamplesVectors.OptionalDecimalEncoding.Value = SpecExamplesVectors.OptionalDecimalEncoding.Value()
        /// The field StopPx.
        public var stopPx: SpecExamplesVectors.OptionalDecimalEncoding.Value = SpecExamplesVectors.OptionalDecimalEncoding.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.text(&self.clOrdId, "ClOrdId", 0, 8, .utf8, isASCII: true)
            visitor.text(&self.account, "Account", 8, 8, .utf8, isASCII: true)
            visitor.text(&self.symbol, "Symbol", 16, 8, .utf8, isASCII: true)
            visitor.enumeration(&self.side, "Side", 24, null: .null, isOptional: false)
            visitor.number(&self.transactTime, "TransactTime", 25)
            visitor.composite(&self.orderQty, "OrderQty", 33)
            visitor.enumeration(&self.ordType, "OrdType", 37, null: .null, isOptional: false)
            visitor.composite(&self.price, "Price", 38)
            visitor.composite(&self.stopPx, "StopPx", 46)
        }
    }
}
