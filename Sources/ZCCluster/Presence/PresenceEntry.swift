import ZCNet

/// What one node says of somebody, or of a crowd, in a channel.
struct PresenceEntry: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        /// Somebody, of whom there may be several.
        case shared
        /// Somebody of whom there is one in the cluster: who comes later takes the place of who was there.
        case exclusive
        /// So many, whose names are nobody's business.
        case crowd
    }

    var kind: Kind
    let channel: ChannelName
    /// Empty of a crowd.
    let name: String
    var note: SharedBytes
    /// When an exclusive one came, by the count that nodes keep together; of a crowd how many they are.
    var stamp: UInt64

    /// What an entry takes in memory beside its words. Why 320: two places of tables, twice as large as what
    /// is in them.
    static let overheadBytes = 320
    /// The most bytes of an entry in a message beside its words: number, kind, stamp, three lengths.
    static let headBytes = 24

    /// What it takes in the memory of each node.
    var weight: Int { wireBytes - Self.headBytes + Self.overheadBytes }
    /// What it takes in a message.
    var wireBytes: Int {
        channel.description.utf8.count + name.utf8.count + note.count + Self.headBytes
    }
    /// How many people it is in a channel where nobody else has their names.
    var crowdCount: Int { kind == .crowd ? Int(clamping: stamp) : 0 }
}

/// What changes in what a node says, by the number of the entry: numbers grow, and none is given twice.
enum PresenceChange: Hashable, Sendable {
    /// An entry is there, new or as it is now.
    case set(UInt64, PresenceEntry)
    /// An entry is gone.
    case removed(UInt64)

    var wireBytes: Int {
        switch self {
        case .set(_, let entry): entry.wireBytes
        case .removed: 9
        }
    }
}

/// What nodes say to each other of who is there. Little-endian: incarnation and name of the sender, a byte
/// for the kind, and what it has.
///
/// Whatever comes is checked to its end, and refused as a whole where anything is wrong.
struct PresenceMessage: Hashable, Sendable {
    enum Body: Hashable, Sendable {
        /// The changes behind the version of that number, which every change makes one higher.
        case changes(behind: UInt64, [PresenceChange])
        /// That the sender is there, its version, and the highest stamp that it knows.
        case beat(version: UInt64, stamp: UInt64)
        /// Asks a node, in one life, for its changes behind a version; where it has forgotten them, it
        /// answers with its first entries.
        case ask(of: UInt64, behind: UInt64)
        /// Asks for its entries behind a number.
        case askEntries(of: UInt64, behind: UInt64)
        /// The sender's entries behind a number, up to one, or to the end where that is the highest of all;
        /// and the version that they are of.
        case entries(version: UInt64, behind: UInt64, to: UInt64, [UInt64: PresenceEntry])
        /// That the sender ends.
        case end
    }

    let incarnation: UInt64
    let name: String
    let body: Body

    /// The most bytes of changes or entries in one message. Why 128 KiB: what a server of NATS takes at once
    /// is eight times as much.
    static let partBytesMax = 128 << 10

    // MARK: To bytes

    /// - Throws: ``ClusterError`` with `tooLarge`.
    func encoded(bytesMax: Int) throws(ClusterError) -> SharedBytes {
        var buffer = WriteBuffer(limit: bytesMax)
        do throws(WriteBufferError) {
            try buffer.append(incarnation, .littleEndian)
            try Self.append(name, to: &buffer)
            switch body {
            case .changes(let version, let changes):
                try buffer.append(UInt8(1))
                try buffer.append(version, .littleEndian)
                try buffer.append(UInt32(changes.count), .littleEndian)
                for change in changes { try Self.append(change, to: &buffer) }
            case .beat(let version, let stamp): try Self.append(2, [version, stamp], to: &buffer)
            case .ask(let node, let version): try Self.append(3, [node, version], to: &buffer)
            case .askEntries(let node, let number): try Self.append(4, [node, number], to: &buffer)
            case .entries(let version, let first, let last, let entries):
                try Self.append(5, [version, first, last], to: &buffer)
                try buffer.append(UInt32(entries.count), .littleEndian)
                for (number, entry) in entries { try Self.append(.set(number, entry), to: &buffer) }
            case .end: try buffer.append(UInt8(6))
            }
        } catch {
            throw ClusterError(.tooLarge, expected: "at most \(bytesMax) bytes", got: "more")
        }
        return buffer.freeze()
    }

    private static func append(
        _ kind: UInt8, _ words: [UInt64], to buffer: inout WriteBuffer
    ) throws(WriteBufferError) {
        try buffer.append(kind)
        for word in words { try buffer.append(word, .littleEndian) }
    }

    private static func append(_ text: String, to buffer: inout WriteBuffer) throws(WriteBufferError) {
        try buffer.append(UInt16(truncatingIfNeeded: text.utf8.count), .littleEndian)
        try buffer.append(text.utf8)
    }

    private static func append(
        _ change: PresenceChange, to buffer: inout WriteBuffer
    ) throws(WriteBufferError) {
        switch change {
        case .removed(let number): try append(3, [number], to: &buffer)
        case .set(let number, let entry):
            try append(entry.kind.rawValue, [number, entry.stamp], to: &buffer)
            try append(entry.channel.description, to: &buffer)
            try append(entry.name, to: &buffer)
            try buffer.append(UInt16(truncatingIfNeeded: entry.note.count), .littleEndian)
            try buffer.append(entry.note)
        }
    }
}

extension PresenceMessage {
    // MARK: From bytes

    /// - Throws: ``ClusterError`` with `corrupt`, and with `invalid` for names.
    init(_ bytes: SharedBytes) throws(ClusterError) {
        var reader = RecordReader(bytes)
        let incarnation = try reader.integer(UInt64.self)
        let name = try NodeName.checked(try Self.text(&reader))
        let body = try Self.body(&reader)
        try reader.end()
        self.init(incarnation: incarnation, name: name, body: body)
    }

    private static func body(_ reader: inout RecordReader) throws(ClusterError) -> Body {
        let kind = try reader.integer(UInt8.self)
        if kind == 6 { return .end }
        guard (1...5).contains(kind) else {
            throw ClusterError(.corrupt, expected: "a message of kind 1 to 6", got: "\(kind)")
        }
        let first = try reader.integer(UInt64.self)
        if kind == 1 { return .changes(behind: first, try changes(&reader)) }
        let second = try reader.integer(UInt64.self)
        switch kind {
        case 2: return .beat(version: first, stamp: second)
        case 3: return .ask(of: first, behind: second)
        case 4: return .askEntries(of: first, behind: second)
        default:
            let last = try reader.integer(UInt64.self)
            let entries = try entries(of: try changes(&reader), behind: second, to: last)
            return .entries(version: first, behind: second, to: last, entries)
        }
    }

    private static func entries(
        of changes: [PresenceChange], behind first: UInt64, to last: UInt64
    ) throws(ClusterError) -> [UInt64: PresenceEntry] {
        var entries: [UInt64: PresenceEntry] = [:]
        for change in changes {
            if case .set(let number, let entry) = change, number > first, number <= last {
                entries[number] = entry
            }
        }
        if entries.count == changes.count { return entries }
        throw ClusterError(
            .corrupt, expected: "\(changes.count) entries in \(first)...\(last)", got: "others")
    }

    private static func text(_ reader: inout RecordReader) throws(ClusterError) -> String {
        try reader.text(Int(try reader.integer(UInt16.self)))
    }

    private static func changes(_ reader: inout RecordReader) throws(ClusterError) -> [PresenceChange] {
        let count = Int(try reader.integer(UInt32.self))
        guard count <= reader.left / 9 else {
            throw ClusterError(.corrupt, expected: "at most \(reader.left / 9) changes", got: "\(count)")
        }
        var changes: [PresenceChange] = []
        for _ in 0..<count { changes.append(try change(&reader)) }
        return changes
    }

    private static func change(_ reader: inout RecordReader) throws(ClusterError) -> PresenceChange {
        let kind = try reader.integer(UInt8.self)
        let number = try reader.integer(UInt64.self)
        if kind == 3 { return .removed(number) }
        guard let kind = PresenceEntry.Kind(rawValue: kind), number > 0 else {
            throw ClusterError(.corrupt, expected: "a change of kind 0 to 3", got: "\(kind) of \(number)")
        }
        let stamp = try reader.integer(UInt64.self)
        let channel = try ChannelName(try text(&reader))
        let name = try text(&reader)
        // Its own memory: what is kept for long does not keep the whole message.
        let slice = try reader.bytes(Int(try reader.integer(UInt16.self)))
        let note = SharedBytes(copying: slice.bytes)
        let entry = PresenceEntry(kind: kind, channel: channel, name: name, note: note, stamp: stamp)
        return .set(number, entry)
    }
}
