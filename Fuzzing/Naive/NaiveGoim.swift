/// goim's wire format, as plainly as can be.
struct NaiveGoim: Equatable {
    var fields: [Int64] = []
    var body: [UInt8] = []

    enum Reading: Equatable {
        case proto(NaiveGoim, Int)
        case incomplete
        case broken
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
        let first = Int64(Int8(bitPattern: bytes.first ?? 0))
        return bytes.dropFirst().reduce(first) { $0 << 8 | Int64($1) }
    }

    /// What stands at `start`; version, operation, sequence, and with a header of 32 bytes room and user.
    static func read(_ all: [UInt8], at start: Int, headerBytes: Int, bodyBytesMax: Int) -> Reading {
        let bytes = Array(all[start...])
        if bytes.count < 4 { return .incomplete }
        let length = number(bytes[..<4])
        if length < headerBytes || length > headerBytes + bodyBytesMax { return .broken }
        if bytes.count < 6 { return .incomplete }
        if number(bytes[4..<6]) != headerBytes { return .broken }
        if bytes.count < length { return .incomplete }
        var places = [6..<8, 8..<12, 12..<16]
        if headerBytes == 32 { places += [16..<24, 24..<32] }
        let fields = places.map { number(bytes[$0]) }
        return .proto(NaiveGoim(fields: fields, body: Array(bytes[headerBytes..<Int(length)])), Int(length))
    }
}
