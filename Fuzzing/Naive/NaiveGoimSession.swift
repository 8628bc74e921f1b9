import ZCNet
import ZCProto

extension NaiveGoim {
    /// The whole protos at the start of a stream.
    static func stream(_ bytes: [UInt8], bodyBytesMax: Int) -> [NaiveGoim] {
        var (protos, position) = ([NaiveGoim](), 0)
        while case .proto(let proto, let count) = read(
            bytes, at: position, headerBytes: 16, bodyBytesMax: bodyBytesMax)
        {
            protos.append(proto)
            position += count
        }
        return protos
    }
}

/// What a server that echoes says to one client that is alone with it.
struct NaiveGoimSession {
    let bodyBytesMax: Int
    private(set) var answers: [NaiveGoim] = []
    /// Whether what the server says is known to its end.
    private(set) var isExact = true
    private var isIn = false
    private var room: [UInt8] = []
    /// The first few operations.
    private(set) var outline = ""

    init(bodyBytesMax: Int) { self.bodyBytesMax = bodyBytesMax }

    mutating func take(_ stream: [UInt8]) {
        for proto in NaiveGoim.stream(stream, bodyBytesMax: bodyBytesMax) {
            let operation = proto.fields[1] > 17 ? 18 : max(-1, proto.fields[1])
            if outline.utf8.count < 16 { outline += " \(operation)" }
            guard isIn ? answer(proto) : authenticate(proto) else { return }
        }
    }

    private mutating func say(_ operation: Int64, to proto: NaiveGoim, _ body: [UInt8]) {
        var fields = proto.fields
        fields[1] = operation
        answers.append(NaiveGoim(fields: fields, body: body))
    }

    /// False when nothing behind it is heard.
    private mutating func authenticate(_ proto: NaiveGoim) -> Bool {
        if proto.fields[1] != 7 { return true }
        // What a token is has a target of its own.
        guard let token = withExactSpan(proto.body, { try? GoimToken(parsing: $0) }),
            max(token.key.utf8.count, token.room.utf8.count) <= 256, token.accepts.count <= 256
        else { return false }
        isIn = true
        room = Array(token.room.utf8)
        say(8, to: proto, [])
        return true
    }

    private mutating func answer(_ proto: NaiveGoim) -> Bool {
        let operation = proto.fields[1]
        switch operation {
        case 2, 3: say(3, to: proto, [0, 0, 0, room.isEmpty ? 0 : 1])
        case 12:
            let verdict = NaiveUTF8.verdict(proto.body)
            let isName =
                proto.body.count <= 256 && verdict.isComplete && verdict.validBytes == proto.body.count
            if isName { room = proto.body }
            say(13, to: proto, isName ? proto.body : [])
        case 14, 16: say(operation + 1, to: proto, proto.body)
        case 7, 8, 13, 15, 17: say(operation, to: proto, [])
        // A batch has no proto around it in a stream: what is echoed of it may be anything.
        case 9:
            isExact = false
            return false
        default: say(operation, to: proto, proto.body)
        }
        return true
    }
}
