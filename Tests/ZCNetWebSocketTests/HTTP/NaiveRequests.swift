/// Where the requests of a stream end, found as simply as can be: with the whole stream at hand, as text of
/// one byte per character, and with nothing of the parser under test. It refuses little; what the server
/// accepts must end where this says.
struct NaiveRequests {
    struct Request: Equatable {
        let method: String
        let target: String
        let end: Int
    }

    private(set) var requests: [Request] = []
    /// Whether the stream ends right behind a request.
    private(set) var isWhole = false
    private var text: [Character]
    private var position = 0

    init(_ bytes: [UInt8]) {
        text = bytes.map { Character(Unicode.Scalar($0)) }
        while position < text.count {
            guard let request = read() else { return }
            requests.append(request)
        }
        isWhole = true
    }

    /// What stands before the next `end`, and goes behind that.
    private mutating func upTo(_ end: String) -> String? {
        let wanted = Array(end).flatMap { $0 == "\r\n" ? ["\r", "\n"] : [$0] }
        var index = position
        while index + wanted.count <= text.count {
            if Array(text[index..<(index + wanted.count)]) == wanted {
                defer { position = index + wanted.count }
                return String(text[position..<index])
            }
            index += 1
        }
        return nil
    }

    private mutating func read() -> Request? {
        if text[position...].starts(with: ["\r", "\n"]) { position += 2 }
        guard let first = upTo("\r\n") else { return nil }
        let words = first.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3 else { return nil }
        var lengths: [String] = []
        var codings: [String] = []
        while true {
            guard let line = upTo("\r\n") else { return nil }
            if line.isEmpty { break }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].lowercased()
            let value = parts.dropFirst().joined().trimmed
            if name == "content-length" { lengths.append(value) }
            if name == "transfer-encoding" { codings.append(value.lowercased()) }
        }
        if codings.isEmpty {
            let length = Int(lengths.first ?? "0") ?? 0
            guard text.count - position >= length else { return nil }
            position += length
        } else if !skipChunks() {
            return nil
        }
        return Request(method: words[0], target: words[1], end: position)
    }

    private mutating func skipChunks() -> Bool {
        while true {
            guard let line = upTo("\r\n"), let digits = line.split(separator: ";").first,
                let size = Int(digits.trimmed, radix: 16), size >= 0
            else { return false }
            if size == 0 { break }
            guard text.count - position >= size + 2 else { return false }
            position += size
            guard upTo("\r\n")?.isEmpty == true else { return false }
        }
        while let line = upTo("\r\n") {
            if line.isEmpty { return true }
        }
        return false
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var rest = self[...]
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest.drop { $0 == " " || $0 == "\t" })
    }
}
