import ZCNet

/// What nodes say to each other, as bytes. Little-endian: a byte for the kind, and what it has.
///
/// Whatever comes is checked to its end, and refused as a whole where anything is wrong.
enum NodeMessage: Hashable {
    /// Entries for the leader of their channels, in order: from whom, and that node's incarnation and
    /// count, as an answer to an earlier life must not be taken for one to this.
    case request(sender: String, BatchIdentity, [Forwarded])
    /// What became of them, in their order.
    case answer(BatchIdentity, [Outcome])
    /// A record that its channel's chain has.
    case stored(place: UInt64, record: SharedBytes)
    /// How far a channel's chain goes.
    case notice(next: MessageSequence)
    /// What nobody stores: by which node and which of its messages, and the one of the same channel before
    /// it, 0 where the node does not know of any.
    case passing(BatchIdentity, previous: UInt64, SharedBytes)

    typealias Outcome = Result<Range<MessageSequence>, ClusterError>

    struct Forwarded: Hashable {
        let channel: ChannelName
        let entry: ChannelEntry

        var weight: Int { entry.weight + 2 + ChannelName.bytesMax }
    }

    /// Codes of errors by their place here, from 1 on; 0 is success.
    private static let codes: [ClusterError.Code] = [
        .conflict, .unknown, .unavailable, .tooLarge, .full, .stale, .notLeader, .nameTaken, .corrupt,
        .recordsLost, .notFound, .invalid, .closed, .engine,
        .otherHistory,
    ]

    // MARK: To bytes

    /// - Throws: ``ClusterError`` with `tooLarge`.
    func encoded(bytesMax: Int) throws(ClusterError) -> SharedBytes {
        var buffer = WriteBuffer(limit: bytesMax)
        do throws(WriteBufferError) {
            switch self {
            case .request(let sender, let id, let entries):
                try buffer.append(UInt8(1))
                try buffer.append(id.producer, .littleEndian)
                try buffer.append(id.number, .littleEndian)
                try Self.append(sender, to: &buffer)
                try buffer.append(UInt32(entries.count), .littleEndian)
                for forwarded in entries { try Self.append(forwarded, to: &buffer) }
            case .answer(let id, let outcomes):
                try buffer.append(UInt8(2))
                try buffer.append(id.producer, .littleEndian)
                try buffer.append(id.number, .littleEndian)
                try buffer.append(UInt32(outcomes.count), .littleEndian)
                for outcome in outcomes { try Self.append(outcome, to: &buffer) }
            case .stored(let place, let record):
                try buffer.append(UInt8(3))
                try buffer.append(place, .littleEndian)
                try buffer.append(record)
            case .notice(let next):
                try buffer.append(UInt8(4))
                try buffer.append(next.rawValue, .littleEndian)
            case .passing(let id, let previous, let bytes):
                try buffer.append(UInt8(5))
                try buffer.append(id.producer, .littleEndian)
                try buffer.append(id.number, .littleEndian)
                try buffer.append(previous, .littleEndian)
                try buffer.append(bytes)
            }
        } catch {
            throw ClusterError(.tooLarge, expected: "at most \(bytesMax) bytes", got: "more")
        }
        return buffer.freeze()
    }

    private static func append(_ text: String, to buffer: inout WriteBuffer) throws(WriteBufferError) {
        // Names are short; what errors say is cut.
        let text =
            text.utf8.count <= Int(UInt16.max)
            ? text : String(decoding: text.utf8.prefix(60_000), as: UTF8.self)
        try buffer.append(UInt16(clamping: text.utf8.count), .littleEndian)
        try buffer.append(text.utf8)
    }

    private static func append(_ forwarded: Forwarded, to buffer: inout WriteBuffer) throws(WriteBufferError)
    {
        try append(forwarded.channel.description, to: &buffer)
        try buffer.append(forwarded.entry.identity?.producer ?? 0, .littleEndian)
        try buffer.append(forwarded.entry.identity?.number ?? 0, .littleEndian)
        try buffer.append(UInt32(forwarded.entry.messages.count), .littleEndian)
        for message in forwarded.entry.messages {
            try buffer.append(UInt32(message.count), .littleEndian)
            try buffer.append(message)
        }
    }

    private static func append(_ outcome: Outcome, to buffer: inout WriteBuffer) throws(WriteBufferError) {
        switch outcome {
        case .success(let range):
            try buffer.append(UInt8(0))
            try buffer.append(range.lowerBound.rawValue, .littleEndian)
            let count = range.upperBound.rawValue - range.lowerBound.rawValue
            try buffer.append(UInt32(count), .littleEndian)
        case .failure(let error):
            let place = codes.firstIndex(of: error.code) ?? codes.count - 1
            try buffer.append(UInt8(place + 1))
            try append(error.expected, to: &buffer)
            try append(error.got, to: &buffer)
        }
    }

    // MARK: From bytes

    /// - Throws: ``ClusterError`` with `corrupt`, and with `invalid` for names.
    init(_ bytes: SharedBytes) throws(ClusterError) {
        var reader = RecordReader(bytes)
        let kind = try reader.integer(UInt8.self)
        switch kind {
        case 1:
            let id = try Self.identity(&reader)
            let sender = try NodeName.checked(try Self.text(&reader))
            let count = try Self.count(&reader, atLeastBytes: 22)
            var entries: [Forwarded] = []
            entries.reserveCapacity(count)
            for _ in 0..<count { entries.append(try Self.forwarded(&reader, behind: entries.last?.channel)) }
            self = .request(sender: sender, id, entries)
        case 2:
            let id = try Self.identity(&reader)
            let count = try Self.count(&reader, atLeastBytes: 5)
            var outcomes: [Outcome] = []
            outcomes.reserveCapacity(count)
            for _ in 0..<count { outcomes.append(try Self.outcome(&reader)) }
            self = .answer(id, outcomes)
        case 3:
            let place = try reader.integer(UInt64.self)
            self = .stored(place: place, record: try reader.bytes(reader.left))
        case 4:
            self = .notice(next: MessageSequence(rawValue: try reader.integer(UInt64.self)))
        case 5:
            let id = try Self.identity(&reader)
            let previous = try reader.integer(UInt64.self)
            self = .passing(id, previous: previous, try reader.bytes(reader.left))
        default:
            throw ClusterError(.corrupt, expected: "a message of kind 1 to 5", got: "\(kind)")
        }
        try reader.end()
    }

    private static func count(
        _ reader: inout RecordReader, atLeastBytes least: Int
    ) throws(ClusterError) -> Int {
        let count = Int(try reader.integer(UInt32.self))
        guard count <= reader.left / least else {
            throw ClusterError(.corrupt, expected: "at most \(reader.left / least) parts", got: "\(count)")
        }
        return count
    }

    private static func identity(_ reader: inout RecordReader) throws(ClusterError) -> BatchIdentity {
        let producer = try reader.integer(UInt64.self)
        return BatchIdentity(producer: producer, number: try reader.integer(UInt64.self))
    }

    private static func text(_ reader: inout RecordReader) throws(ClusterError) -> String {
        try reader.text(Int(try reader.integer(UInt16.self)))
    }

    private static func forwarded(
        _ reader: inout RecordReader, behind last: ChannelName?
    ) throws(ClusterError) -> Forwarded {
        let name = try reader.bytes(Int(try reader.integer(UInt16.self)))
        // Those of a channel come side by side, and have one text.
        let channel =
            if let last, name.elementsEqual(last.description.utf8) {
                last
            } else {
                try ChannelName(try RecordReader.text(of: name))
            }
        let producer = try reader.integer(UInt64.self)
        let number = try reader.integer(UInt64.self)
        let count = try count(&reader, atLeastBytes: 4)
        var messages: [SharedBytes] = []
        for _ in 0..<count { messages.append(try reader.bytes(Int(try reader.integer(UInt32.self)))) }
        let identity = number == 0 ? nil : BatchIdentity(producer: producer, number: number)
        return Forwarded(channel: channel, entry: ChannelEntry(messages, identity: identity))
    }

    private static func outcome(_ reader: inout RecordReader) throws(ClusterError) -> Outcome {
        let code = Int(try reader.integer(UInt8.self))
        if code == 0 {
            let first = MessageSequence(rawValue: try reader.integer(UInt64.self))
            return .success(first..<first + Int(try reader.integer(UInt32.self)))
        }
        guard code <= codes.count else {
            throw ClusterError(.corrupt, expected: "a code up to \(codes.count)", got: "\(code)")
        }
        let expected = try text(&reader)
        return .failure(ClusterError(codes[code - 1], expected: expected, got: try text(&reader)))
    }
}

/// Names of nodes, which are words of keys and subjects.
enum NodeName {
    static let bytesMax = 64

    /// - Throws: ``ClusterError`` with `invalid`.
    static func checked(_ name: String) throws(ClusterError) -> String {
        let isName =
            (1...bytesMax).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        guard isName else {
            throw ClusterError(
                .invalid, expected: "a node's name of 1 to \(bytesMax) letters, digits, - and _",
                got: "\"\(name.prefix(80))\"")
        }
        return name
    }
}
