import ZCGoim

/// goim's wire format once more, as plainly as can be: what the library's codec is checked against.
struct NaiveProto: Hashable, Sendable {
    var version: Int16 = 1
    var operation: Int32
    var sequence: Int32 = 0
    var room: Int64 = 0
    var user: Int64 = 0
    var body: [UInt8] = []

    init(_ operation: Int32, _ sequence: Int32 = 0, _ body: [UInt8] = []) {
        self.operation = operation
        self.sequence = sequence
        self.body = body
    }

    init(_ operation: Int32, _ sequence: Int32 = 0, _ text: String) {
        self.init(operation, sequence, Array(text.utf8))
    }

    init(_ proto: borrowing GoimProto) {
        self.init(proto.operation.rawValue, proto.sequence)
        version = proto.header.version
        room = proto.header.roomID
        user = proto.header.userID
        for index in 0..<proto.body.count { body.append(proto.body.span[index]) }
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The number that a heartbeat's answer carries.
    var online: Int { Int(Self.number(body[0..<4])) }

    var header: GoimHeader {
        GoimHeader(
            GoimOperation(rawValue: operation), sequence: sequence, version: version, roomID: room,
            userID: user)
    }

    func bytes(_ format: GoimHeaderFormat = .plain) -> [UInt8] {
        func big(_ value: Int64, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> Int64($0 * 8)) }
        }
        let head = format == .plain ? 16 : 32
        var bytes = big(Int64(head + body.count), 4) + big(Int64(head), 2) + big(Int64(version), 2)
        bytes += big(Int64(operation), 4) + big(Int64(sequence), 4)
        if format == .extended { bytes += big(room, 8) + big(user, 8) }
        return bytes + body
    }

    enum Reading: Equatable {
        case proto(NaiveProto, Int)
        case incomplete
        case broken
    }

    static func number(_ bytes: some Sequence<UInt8>) -> Int64 {
        var value: Int64 = 0
        var isFirst = true
        for byte in bytes {
            value = isFirst ? Int64(Int8(bitPattern: byte)) : value << 8 | Int64(byte)
            isFirst = false
        }
        return value
    }

    /// What stands at the beginning of `bytes`.
    static func read(
        _ bytes: ArraySlice<UInt8>, _ format: GoimHeaderFormat = .plain, bodyMax: Int = 4096
    ) -> Reading {
        let all = Array(bytes)
        let head = format == .plain ? 16 : 32
        if all.count < 4 { return .incomplete }
        let length = number(all[0..<4])
        if length < head || length > head + bodyMax { return .broken }
        if all.count < 6 { return .incomplete }
        if number(all[4..<6]) != head { return .broken }
        if all.count < length { return .incomplete }
        var proto = NaiveProto(Int32(number(all[8..<12])), Int32(number(all[12..<16])))
        proto.version = Int16(number(all[6..<8]))
        if format == .extended {
            proto.room = number(all[16..<24])
            proto.user = number(all[24..<32])
        }
        proto.body = Array(all[head..<Int(length)])
        return .proto(proto, Int(length))
    }

    /// All protos that fill `bytes`.
    static func readAll(_ bytes: [UInt8], _ format: GoimHeaderFormat = .plain) -> [NaiveProto]? {
        var rest = bytes[...]
        var found: [NaiveProto] = []
        while !rest.isEmpty {
            guard case .proto(let proto, let count) = read(rest, format) else { return nil }
            found.append(proto)
            rest = rest.dropFirst(count)
        }
        return found
    }
}
