import ZCCluster
import ZCGoim
internal import ZCNet

/// What hubs push to each other, as bytes. Big-endian, as goim is:
/// ```
///  0  8  the hub that pushes
///  8  1  for whom: 1 keys, 2 a room, 3 everybody
///  9  4  the operation that they accept; not for a room
/// 13  4  keys: how many; everybody: how many are served in a second, 0 for all at once
///        keys, a room: the length of each name (2), and the name
///     2  version of the message
///     4  its operation
///     4  its sequence
///     8  its room's number
///     8  its user's number
///        its body
/// ```
/// Whatever comes is checked to its end, and refused as a whole where anything is wrong.
struct HubMessage: Hashable, Sendable {
    enum Target: Hashable, Sendable {
        case keys([String], acceptedAs: GoimOperation)
        case room(String)
        case everybody(acceptedAs: GoimOperation, perSecond: Int?)
    }

    let origin: UInt64
    let target: Target
    let message: GoimMessage

    // MARK: To bytes

    /// - Throws: ``ClusterError`` with `tooLarge`.
    func encoded(bytesMax: Int) throws(ClusterError) -> SharedBytes {
        var buffer = WriteBuffer(limit: bytesMax)
        do throws(WriteBufferError) {
            try buffer.append(origin, .bigEndian)
            switch target {
            case .keys(let keys, let operation):
                try buffer.append(UInt8(1))
                try buffer.append(operation.rawValue, .bigEndian)
                try buffer.append(UInt32(keys.count), .bigEndian)
                for key in keys { try Self.append(key, to: &buffer) }
            case .room(let name):
                try buffer.append(UInt8(2))
                try Self.append(name, to: &buffer)
            case .everybody(let operation, let rate):
                try buffer.append(UInt8(3))
                try buffer.append(operation.rawValue, .bigEndian)
                try buffer.append(UInt32(clamping: rate ?? 0), .bigEndian)
            }
            try buffer.append(message.header.version, .bigEndian)
            try buffer.append(message.header.operation.rawValue, .bigEndian)
            try buffer.append(message.header.sequence, .bigEndian)
            try buffer.append(message.header.roomID, .bigEndian)
            try buffer.append(message.header.userID, .bigEndian)
            try buffer.append(message.body)
        } catch {
            throw ClusterError(.tooLarge, expected: "at most \(bytesMax) bytes", got: "more")
        }
        return buffer.freeze()
    }

    private static func append(_ name: String, to buffer: inout WriteBuffer) throws(WriteBufferError) {
        try buffer.append(UInt16(clamping: name.utf8.count), .bigEndian)
        try buffer.append(name.utf8)
    }
}

extension HubMessage {
    // MARK: From bytes

    /// - Throws: ``ClusterError`` with `corrupt`. The body shares the memory of the whole.
    init(_ bytes: SharedBytes) throws(ClusterError) {
        var reader = RecordReader(bytes)
        let origin = try reader.integer(UInt64.self).byteSwapped
        let target = try Self.target(&reader)
        let version = try reader.integer(Int16.self).byteSwapped
        let operation = try Self.operation(&reader)
        let sequence = try reader.integer(Int32.self).byteSwapped
        let roomID = try reader.integer(Int64.self).byteSwapped
        let userID = try reader.integer(Int64.self).byteSwapped
        let header = GoimHeader(
            operation, sequence: sequence, version: version, roomID: roomID, userID: userID)
        let body = try reader.bytes(reader.left)
        self.init(origin: origin, target: target, message: GoimMessage(header, body: body))
    }

    private static func target(_ reader: inout RecordReader) throws(ClusterError) -> Target {
        let kind = try reader.integer(UInt8.self)
        if kind == 2 { return .room(try name(&reader)) }
        guard kind == 1 || kind == 3 else {
            throw ClusterError(.corrupt, expected: "a push of kind 1 to 3", got: "\(kind)")
        }
        let operation = try operation(&reader)
        let count = Int(try reader.integer(UInt32.self).byteSwapped)
        if kind == 3 { return .everybody(acceptedAs: operation, perSecond: count == 0 ? nil : count) }
        guard count <= reader.left / 2 else {
            throw ClusterError(.corrupt, expected: "at most \(reader.left / 2) keys", got: "\(count)")
        }
        var keys: [String] = []
        for _ in 0..<count { keys.append(try name(&reader)) }
        return .keys(keys, acceptedAs: operation)
    }

    private static func operation(_ reader: inout RecordReader) throws(ClusterError) -> GoimOperation {
        GoimOperation(rawValue: try reader.integer(Int32.self).byteSwapped)
    }

    private static func name(_ reader: inout RecordReader) throws(ClusterError) -> String {
        try reader.text(Int(try reader.integer(UInt16.self).byteSwapped))
    }
}
