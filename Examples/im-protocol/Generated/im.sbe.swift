// Generated from im.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Messages of people to each other: what clients and servers say, and what is stored.
public enum IM {
    /// Messages of people to each other: what clients and servers say, and what is stored.
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 29 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 2) }
    }

    /// What became of a message.
    @frozen public enum Outcome: SBEEnumeration {
        /// It is in the log, once, with the number that is told.
        case stored
        /// It is not there, and will not be.
        case refused
        /// So old that nobody knows; if it was stored, then once.
        case forgotten
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 0: self = .stored
            case 1: self = .refused
            case 2: self = .forgotten
            case 255: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .stored: 0
            case .refused: 1
            case .forgotten: 2
            case .null: 255
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .stored: "stored"
            case .refused: "refused"
            case .forgotten: "forgotten"
            case .null, .unknown: nil
            }
        }
    }

    /// Why a channel is heard no more.
    @frozen public enum Cause: SBEEnumeration {
        /// Not this user's, or no name.
        case refused
        /// It has as many members as it may.
        case full
        /// What comes behind the position cannot be known: read anew.
        case otherHistory
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 0: self = .refused
            case 1: self = .full
            case 2: self = .otherHistory
            case 255: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .refused: 0
            case .full: 1
            case .otherHistory: 2
            case .null: 255
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .refused: "refused"
            case .full: "full"
            case .otherHistory: "otherHistory"
            case .null, .unknown: nil
            }
        }
    }

    /// Yes or no.
    @frozen public enum Flag: SBEEnumeration {
        /// `no`, 0 on the wire.
        case no
        /// `yes`, 1 on the wire.
        case yes
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 0: self = .no
            case 1: self = .yes
            case 255: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .no: 0
            case .yes: 1
            case .null: 255
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .no: "no"
            case .yes: "yes"
            case .null, .unknown: nil
            }
        }
    }

    /// Client: store this, and tell everybody.
    public enum Send: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Send.ChannelData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Send" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data channel.
            @_alwaysEmitIntoClient public var channel: SBEMember<IM.Send.ChannelData> { .init() }
            /// The data body.
            @_alwaysEmitIntoClient public var body: SBEMember<IM.Send.BodyData> { .init() }
        }

        /// The data channel.
        public enum ChannelData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = IM.Send.BodyData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("channel", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }

        /// The data body.
        public enum BodyData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = IM.Send.ChannelData
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("body", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Client: I have it.
    public enum RecvAck: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "RecvAck" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }
    }

    /// Client: tell me of a channel, from a position on.
    public enum Follow: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Follow.ChannelData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Follow" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 3 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 17 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data channel.
            @_alwaysEmitIntoClient public var channel: SBEMember<IM.Follow.ChannelData> { .init() }
        }

        /// The data channel.
        public enum ChannelData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("channel", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Client: no more of it.
    public enum Unfollow: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Unfollow.ChannelData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Unfollow" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 4 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 0 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data channel.
            @_alwaysEmitIntoClient public var channel: SBEMember<IM.Unfollow.ChannelData> { .init() }
        }

        /// The data channel.
        public enum ChannelData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("channel", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Client: I have read so far.
    public enum Read: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Read.ChannelData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Read" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 5 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data channel.
            @_alwaysEmitIntoClient public var channel: SBEMember<IM.Read.ChannelData> { .init() }
        }

        /// The data channel.
        public enum ChannelData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("channel", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Server: who you are, and where.
    public enum Welcome: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Welcome.UserData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Welcome" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 16 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 0 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data user.
            @_alwaysEmitIntoClient public var user: SBEMember<IM.Welcome.UserData> { .init() }
            /// The data node.
            @_alwaysEmitIntoClient public var node: SBEMember<IM.Welcome.NodeData> { .init() }
        }

        /// The data user.
        public enum UserData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = IM.Welcome.NodeData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("user", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }

        /// The data node.
        public enum NodeData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = IM.Welcome.UserData
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("node", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Server: what became of a message.
    public enum SendAck: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "SendAck" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 17 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 17 }
    }

    /// Server: what stands behind this in the frame was stored.
    public enum Recv: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Recv.ChannelData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Recv" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 18 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 24 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data channel.
            @_alwaysEmitIntoClient public var channel: SBEMember<IM.Recv.ChannelData> { .init() }
        }

        /// The data channel.
        public enum ChannelData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("channel", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Server: all before is told, what is new comes.
    public enum Following: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Following.ChannelData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Following" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 19 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 16 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data channel.
            @_alwaysEmitIntoClient public var channel: SBEMember<IM.Following.ChannelData> { .init() }
        }

        /// The data channel.
        public enum ChannelData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("channel", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Server: the channel is heard no more.
    public enum Ended: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Ended.ChannelData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Ended" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 20 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 1 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data channel.
            @_alwaysEmitIntoClient public var channel: SBEMember<IM.Ended.ChannelData> { .init() }
            /// The data reason.
            @_alwaysEmitIntoClient public var reason: SBEMember<IM.Ended.ReasonData> { .init() }
        }

        /// The data channel.
        public enum ChannelData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = IM.Ended.ReasonData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("channel", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }

        /// The data reason.
        public enum ReasonData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = IM.Ended.ChannelData
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("reason", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Server: somebody has come, or gone.
    public enum Presence: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Presence.ChannelData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Presence" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 21 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 1 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data channel.
            @_alwaysEmitIntoClient public var channel: SBEMember<IM.Presence.ChannelData> { .init() }
            /// The data user.
            @_alwaysEmitIntoClient public var user: SBEMember<IM.Presence.UserData> { .init() }
        }

        /// The data channel.
        public enum ChannelData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = IM.Presence.UserData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("channel", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }

        /// The data user.
        public enum UserData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = IM.Presence.ChannelData
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("user", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Stored: what somebody said.
    public enum Message: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Message.SenderData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Message" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 32 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 24 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data sender.
            @_alwaysEmitIntoClient public var sender: SBEMember<IM.Message.SenderData> { .init() }
            /// The data body.
            @_alwaysEmitIntoClient public var body: SBEMember<IM.Message.BodyData> { .init() }
        }

        /// The data sender.
        public enum SenderData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = IM.Message.BodyData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("sender", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }

        /// The data body.
        public enum BodyData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = IM.Message.SenderData
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("body", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Stored, in a user's own channel: another is in the user's list.
    public enum Joined: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Joined.ChannelData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Joined" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 33 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 0 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data channel.
            @_alwaysEmitIntoClient public var channel: SBEMember<IM.Joined.ChannelData> { .init() }
        }

        /// The data channel.
        public enum ChannelData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("channel", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }

    /// Stored, in a user's own channel: how far the user has read.
    public enum Marker: SBEMessage {
        /// The schema.
        public typealias Schema = IM.Schema
        /// The first group or data.
        public typealias FirstPart = IM.Marker.ChannelData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Marker" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 34 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data channel.
            @_alwaysEmitIntoClient public var channel: SBEMember<IM.Marker.ChannelData> { .init() }
        }

        /// The data channel.
        public enum ChannelData: SBEDataPart {
            /// The schema.
            public typealias Schema = IM.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("channel", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }
}

extension SBEView where Block == IM.Send {
    /// The device's count of its messages, from 1 on.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt64 { _load(0) }
}

extension SBEEncoder where Block == IM.Send {
    /// The device's count of its messages, from 1 on.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == IM.Send.ChannelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var channel: Self { Self() }
}

extension SBEPartName where Part == IM.Send.BodyData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var body: Self { Self() }
}

extension SBEView where Block == IM.RecvAck {
    /// As it came in Recv.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var delivery: UInt64 { _load(0) }
}

extension SBEEncoder where Block == IM.RecvAck {
    /// As it came in Recv.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var delivery: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEView where Block == IM.Follow {
    /// The number that comes next; 0 for what is new.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var next: UInt64 { _load(0) }
    /// The position's epoch.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var epoch: UInt64 { _load(8) }
    /// Whether it belongs into the user's list.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var isListed: IM.Flag { _load(16) }
}

extension SBEEncoder where Block == IM.Follow {
    /// The number that comes next; 0 for what is new.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var next: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// The position's epoch.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var epoch: UInt64 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
    /// Whether it belongs into the user's list.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var isListed: IM.Flag {
        get { _load(16) }
        nonmutating set { _store(newValue, 16) }
    }
}

extension SBEPartName where Part == IM.Follow.ChannelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var channel: Self { Self() }
}

extension SBEPartName where Part == IM.Unfollow.ChannelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var channel: Self { Self() }
}

extension SBEView where Block == IM.Read {
    /// The first message that is not read.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var next: UInt64 { _load(0) }
}

extension SBEEncoder where Block == IM.Read {
    /// The first message that is not read.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var next: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == IM.Read.ChannelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var channel: Self { Self() }
}

extension SBEPartName where Part == IM.Welcome.UserData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var user: Self { Self() }
}

extension SBEPartName where Part == IM.Welcome.NodeData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var node: Self { Self() }
}

extension SBEView where Block == IM.SendAck {
    /// As it came in Send.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt64 { _load(0) }
    /// Its number in the channel; 0 unless stored.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var sequence: UInt64 { _load(8) }
    /// `outcome` at byte 16.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var outcome: IM.Outcome { _load(16) }
}

extension SBEEncoder where Block == IM.SendAck {
    /// As it came in Send.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// Its number in the channel; 0 unless stored.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var sequence: UInt64 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
    /// `outcome` at byte 16.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var outcome: IM.Outcome {
        get { _load(16) }
        nonmutating set { _store(newValue, 16) }
    }
}

extension SBEView where Block == IM.Recv {
    /// What RecvAck says.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var delivery: UInt64 { _load(0) }
    /// Its number in the channel.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var sequence: UInt64 { _load(8) }
    /// The epoch of the position behind it.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var epoch: UInt64 { _load(16) }
}

extension SBEEncoder where Block == IM.Recv {
    /// What RecvAck says.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var delivery: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// Its number in the channel.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var sequence: UInt64 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
    /// The epoch of the position behind it.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var epoch: UInt64 {
        get { _load(16) }
        nonmutating set { _store(newValue, 16) }
    }
}

extension SBEPartName where Part == IM.Recv.ChannelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var channel: Self { Self() }
}

extension SBEView where Block == IM.Following {
    /// The position's number.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var next: UInt64 { _load(0) }
    /// The position's epoch.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var epoch: UInt64 { _load(8) }
}

extension SBEEncoder where Block == IM.Following {
    /// The position's number.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var next: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// The position's epoch.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var epoch: UInt64 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
}

extension SBEPartName where Part == IM.Following.ChannelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var channel: Self { Self() }
}

extension SBEView where Block == IM.Ended {
    /// `cause` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var cause: IM.Cause { _load(0) }
}

extension SBEEncoder where Block == IM.Ended {
    /// `cause` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var cause: IM.Cause {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == IM.Ended.ChannelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var channel: Self { Self() }
}

extension SBEPartName where Part == IM.Ended.ReasonData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var reason: Self { Self() }
}

extension SBEView where Block == IM.Presence {
    /// `isThere` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var isThere: IM.Flag { _load(0) }
}

extension SBEEncoder where Block == IM.Presence {
    /// `isThere` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var isThere: IM.Flag {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == IM.Presence.ChannelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var channel: Self { Self() }
}

extension SBEPartName where Part == IM.Presence.UserData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var user: Self { Self() }
}

extension SBEView where Block == IM.Message {
    /// Milliseconds since 1970, by the node's clock.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var time: UInt64 { _load(0) }
    /// By which device.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var device: UInt64 { _load(8) }
    /// Its number there.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt64 { _load(16) }
}

extension SBEEncoder where Block == IM.Message {
    /// Milliseconds since 1970, by the node's clock.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var time: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// By which device.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var device: UInt64 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
    /// Its number there.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt64 {
        get { _load(16) }
        nonmutating set { _store(newValue, 16) }
    }
}

extension SBEPartName where Part == IM.Message.SenderData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var sender: Self { Self() }
}

extension SBEPartName where Part == IM.Message.BodyData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var body: Self { Self() }
}

extension SBEPartName where Part == IM.Joined.ChannelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var channel: Self { Self() }
}

extension SBEView where Block == IM.Marker {
    /// `next` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var next: UInt64 { _load(0) }
}

extension SBEEncoder where Block == IM.Marker {
    /// `next` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var next: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == IM.Marker.ChannelData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var channel: Self { Self() }
}
