/// What servers of NATS say, as plainly as can be: lines split at blanks.
struct NaiveNATS: Equatable {
    var kind: String
    var sid = 0
    var subject: [UInt8] = []
    var reply: [UInt8] = []
    var headers: [UInt8] = []
    var payload: [UInt8] = []

    enum Reading: Equatable {
        case operation(NaiveNATS, end: Int)
        case incomplete
        case broken
    }

    private static func number(_ word: [UInt8], digitsMax: Int) -> Int? {
        guard !word.isEmpty, word.count <= digitsMax, word.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(String(decoding: word, as: UTF8.self))
    }

    /// The operation at `start`, where its whole line is there; a line that is not tells nothing here.
    static func read(_ all: [UInt8], at start: Int, messageBytesMax: Int) -> Reading {
        let bytes = Array(all[start...])
        guard let feed = bytes.firstIndex(of: 10) else { return .incomplete }
        guard feed > 0, bytes[feed - 1] == 13 else { return .broken }
        let line = Array(bytes[..<(feed - 1)])
        let words = line.split { $0 == 32 || $0 == 9 }.map(Array.init)
        guard let first = words.first, line.starts(with: first) else { return .broken }
        let name = String(decoding: first, as: UTF8.self).uppercased()
        switch name {
        case "PING", "PONG", "+OK":
            return words.count == 1 ? .operation(NaiveNATS(kind: name), end: start + feed + 1) : .broken
        case "MSG", "HMSG":
            return message(bytes, words, name, bodyStart: feed + 1, start, messageBytesMax)
        default: return .broken
        }
    }

    private static func message(
        _ bytes: [UInt8], _ words: [[UInt8]], _ name: String, bodyStart: Int, _ start: Int, _ most: Int
    ) -> Reading {
        let sizes = name == "MSG" ? 1 : 2
        guard words.count == 3 + sizes || words.count == 4 + sizes,
            words.dropFirst().joined().allSatisfy({ $0 > 32 }), let sid = number(words[2], digitsMax: 18)
        else { return .broken }
        let numbers = words.suffix(sizes).map { number($0, digitsMax: 18) }
        guard let total = numbers[sizes - 1], total <= most, let headers = sizes == 1 ? 0 : numbers[0],
            headers <= total
        else { return .broken }
        let end = bodyStart + total
        if bytes.count < end + 2 { return .incomplete }
        guard bytes[end] == 13, bytes[end + 1] == 10 else { return .broken }
        let operation = NaiveNATS(
            kind: "MSG", sid: sid, subject: words[1], reply: words.count == 4 + sizes ? words[3] : [],
            headers: Array(bytes[bodyStart..<(bodyStart + headers)]),
            payload: Array(bytes[(bodyStart + headers)..<end]))
        return .operation(operation, end: start + end + 2)
    }
}
