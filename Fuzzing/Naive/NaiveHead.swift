import Glibc
import ZCNetWebSocket

/// Reads a head of HTTP that is there as a whole, line by line and part by part, as RFC 9112 describes it:
/// slow, and with nothing of the parser under test.
struct NaiveHead {
    /// Method, target and version, or version, status and reason.
    var start: [String] = []
    var fields: [(name: String, value: String)] = []
    /// Where the body would begin.
    var count = 0

    /// The head that `bytes` begin with; nil when there is none, or one that breaks a rule.
    init?(_ bytes: [UInt8], isRequest: Bool, _ limits: HTTPHeadLimits) {
        var rest = bytes[...]
        if isRequest && rest.starts(with: [13, 10]) { rest = rest.dropFirst(2) }
        guard let first = Self.line(&rest), first.count <= limits.lineBytesMax else { return nil }
        guard let start = isRequest ? Self.requestLine(first) : Self.statusLine(first) else { return nil }
        self.start = start
        while true {
            guard let line = Self.line(&rest) else { return nil }
            if line.isEmpty { break }
            guard let field = Self.field(line) else { return nil }
            fields.append(field)
        }
        count = rest.startIndex
        guard count <= limits.bytesMax, fields.count <= limits.headersMax, isFramed(isRequest) else {
            return nil
        }
    }

    /// What stands before the next CR LF; a CR or LF by itself is in no line.
    private static func line(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard let end = rest.firstIndex(of: 13), end + 1 < rest.endIndex, rest[end + 1] == 10 else {
            return nil
        }
        let line = Array(rest[..<end])
        rest = rest[(end + 2)...]
        return line.contains(10) ? nil : line
    }

    // MARK: Characters

    private static let tokens = Set(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy(tokens.contains)
    }

    private static func isContent(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.allSatisfy { $0 == 9 || ($0 >= 32 && $0 != 127) }
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Lines

    private static func requestLine(_ line: [UInt8]) -> [String]? {
        let parts = line.split(separator: 32, omittingEmptySubsequences: false)
        guard parts.count == 3, isToken(parts[0]), parts[0].count <= 32 else { return nil }
        guard !parts[1].isEmpty, parts[1].allSatisfy({ $0 > 32 && $0 < 127 && $0 != 35 }) else { return nil }
        let (method, target, version) = (text(parts[0]), text(parts[1]), text(parts[2]))
        guard ["HTTP/1.0", "HTTP/1.1"].contains(version), isTarget(target, of: method) else { return nil }
        return [method, target, version]
    }

    private static func isTarget(_ target: String, of method: String) -> Bool {
        if target.first == "/" { return true }
        if target == "*" { return method == "OPTIONS" || method == "PRI" }
        if method == "CONNECT" { return false }
        for scheme in ["http://", "https://", "ws://", "wss://"]
        where target.lowercased().hasPrefix(scheme) {
            let rest = Array(target.utf8.dropFirst(scheme.utf8.count))
            let host = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            return !host.isEmpty && host.first != UInt8(ascii: ":") && isAuthority(Array(host))
        }
        return false
    }

    private static func statusLine(_ line: [UInt8]) -> [String]? {
        guard line.count >= 12 else { return nil }
        let (version, status) = (text(line[..<8]), line[9..<12])
        guard ["HTTP/1.0", "HTTP/1.1"].contains(version), line[8] == 32 else { return nil }
        guard status.allSatisfy({ (48...57).contains($0) }), status.first != 48 else { return nil }
        if line.count == 12 { return [version, text(status), ""] }
        guard line[12] == 32, isContent(line[13...]) else { return nil }
        return [version, text(status), text(line[13...])]
    }

    private static func field(_ line: [UInt8]) -> (name: String, value: String)? {
        guard let colon = line.firstIndex(of: 58), isToken(line[..<colon]) else { return nil }
        var value = line[(colon + 1)...]
        guard isContent(value) else { return nil }
        while let byte = value.first, byte == 32 || byte == 9 { value = value.dropFirst() }
        while let byte = value.last, byte == 32 || byte == 9 { value = value.dropLast() }
        return (text(line[..<colon]), text(value))
    }

    /// RFC 3986 3.2.2, names as resolvers take them.
    private static func isAuthority(_ bytes: [UInt8]) -> Bool {
        var port = bytes[...]
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            var address = in6_addr()
            let literal = text(bytes[1..<end])
            // The C function ends at a zero byte, which no address has.
            guard !literal.utf8.contains(0), unsafe inet_pton(AF_INET6, literal, &address) == 1 else {
                return false
            }
            port = bytes[(end + 1)...]
        } else {
            let name = bytes.prefix { $0 != 58 }
            let characters = Set("-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
            guard name.count <= 253, name.allSatisfy(characters.contains) else { return false }
            port = bytes[name.count...]
        }
        if port.isEmpty { return true }
        guard port.first == 58, port.count <= 6 else { return false }
        let digits = port.dropFirst()
        guard digits.allSatisfy({ (48...57).contains($0) }) else { return false }
        return (Int(text(digits)) ?? 0) <= 65_535
    }

    // MARK: Fields together

    private func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name }.map(\.value)
    }

    private func isFramed(_ isRequest: Bool) -> Bool {
        let (lengths, codings) = (values("content-length"), values("transfer-encoding"))
        let isOld = start.contains("HTTP/1.0")
        if isRequest {
            let hosts = values("host")
            guard hosts.count <= 1, isOld || hosts.count == 1 else { return false }
            guard hosts.allSatisfy({ Self.isAuthority(Array($0.utf8)) }) else { return false }
        }
        guard lengths.count <= 1 else { return false }
        for length in lengths {
            guard !length.isEmpty, length.utf8.allSatisfy({ (48...57).contains($0) }) else { return false }
            guard Int(length) != nil else { return false }
        }
        if codings.isEmpty { return true }
        guard lengths.isEmpty, !isOld else { return false }
        // A request names chunked and nothing else; a response names it once, and last.
        if isRequest { return codings.count == 1 && Self.isChunked(codings[0].utf8) }
        let named = codings.flatMap { $0.utf8.split(separator: 44) }.map { name in
            name.split { $0 == 32 || $0 == 9 }
        }.filter { !$0.isEmpty }
        let places = named.indices.filter { named[$0].count == 1 && Self.isChunked(named[$0][0]) }
        return places == [named.count - 1]
    }

    private static func isChunked(_ name: some Collection<UInt8>) -> Bool {
        name.map { (65...90).contains($0) ? $0 + 32 : $0 } == Array("chunked".utf8)
    }
}
