import ZCNet

/// What goim's clients say of themselves when they authenticate (op 7): the fields of a JSON object.
///
/// ```json
/// {"mid":123,"room_id":"live://1000","platform":"web","accepts":[1000,1001,1002]}
/// ```
/// Fields that are missing or null have their defaults; others are passed over. Names may be in any case.
public struct GoimToken: Hashable, Sendable {
    /// `mid`: who the client is.
    public var mid: Int64 = 0
    /// `key`: names the connection; empty has the server make one up.
    public var key = ""
    /// `room_id`: where to begin, as `TYPE://ROOM`; empty is nowhere.
    public var room = ""
    /// `platform`: what the client runs on.
    public var platform = ""
    /// `accepts`: which operations may be pushed to it.
    public var accepts: [GoimOperation] = []

    /// A token with these claims.
    public init(
        mid: Int64 = 0, key: String = "", room: String = "", platform: String = "",
        accepts: [GoimOperation] = []
    ) {
        self.mid = mid
        self.key = key
        self.room = room
        self.platform = platform
        self.accepts = accepts
    }

    /// Reads the body of an op 7.
    ///
    /// - Throws: ``GoimError`` for what is not a JSON object, or a field of another type.
    public init(parsing bytes: RawSpan) throws(GoimError) {
        do throws(JSONError) {
            self = try GoimToken.read(bytes)
        } catch {
            throw GoimError(.body, expected: error.expected, got: error.got)
        }
    }

    private static func read(_ bytes: RawSpan) throws(JSONError) -> GoimToken {
        var reader = JSONReader(bytes)
        var token = GoimToken()
        try reader.object { (reader, name) throws(JSONError) in
            // As goim's own reader: names in any case, and null leaves a field as it is.
            if reader.takeNull() { return }
            switch name.lowercased() {
            case "mid": token.mid = try reader.integer()
            case "key": token.key = try reader.string()
            case "room_id": token.room = try reader.string()
            case "platform": token.platform = try reader.string()
            case "accepts":
                var accepts: [GoimOperation] = []
                try reader.array { (reader) throws(JSONError) in
                    let number = reader.takeNull() ? 0 : try reader.integer()
                    guard let operation = Int32(exactly: number) else {
                        throw JSONError(expected: "operations of 32 bits", got: "\(number)")
                    }
                    accepts.append(GoimOperation(rawValue: operation))
                }
                token.accepts = accepts
            default: try reader.skip()
            }
        }
        try reader.end()
        return token
    }

    /// The token as the body of an op 7.
    public var json: String {
        let operations = accepts.map { "\($0.rawValue)" }.joined(separator: ",")
        var fields = ["\"mid\":\(mid)"]
        if !key.isEmpty { fields.append("\"key\":\(JSONReader.quoted(key))") }
        fields.append("\"room_id\":\(JSONReader.quoted(room))")
        fields.append("\"platform\":\(JSONReader.quoted(platform))")
        fields.append("\"accepts\":[\(operations)]")
        return "{\(fields.joined(separator: ","))}"
    }
}
