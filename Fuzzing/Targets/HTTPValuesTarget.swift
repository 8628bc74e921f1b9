import ZCNetWebSocket

/// What requests say in paths, fields and bodies: a path leads to names below its folder or nowhere, a range
/// lies within its file, a cookie that is set is one cookie, and JSON means the same as its own text.
struct HTTPValuesTarget: FuzzTarget {
    let name = "http-values"
    let bytesMax = 500

    var words: [[UInt8]] {
        [
            "../", "%2e%2e/", "..%2f", "%5c", "%00", "%c0%ae", ".git", "//", "bytes=", "0-", "-1",
            "9223372036854775807",
            "; Path=/", "a=", "\"", "\r\n", "{\"a\":", "[1,2]", "1e308", "\\ud800", "null", "true",
        ].map { Array($0.utf8) }
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        (0..<(1 + random.below(6))).flatMap { _ in words[random.below(words.count)] }
    }

    func check(_ input: [UInt8]) throws -> String {
        let text = String(decoding: input, as: UTF8.self)
        return try [path(text), range(text), cookie(text), json(text)].joined(separator: ", ")
    }

    private func path(_ text: String) throws -> String {
        guard let names = FilePath.names(in: text)?.names else { return "nowhere" }
        for name in names {
            let bytes = Array(name.utf8)
            try expect(!bytes.isEmpty && bytes[0] != UInt8(ascii: "."), "a name that is not hidden: \(name)")
            let isPlain = bytes.allSatisfy { $0 != 0 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") }
            try expect(isPlain, "a plain name: \(name)")
        }
        return "\(min(names.count, 3)) names"
    }

    private func range(_ text: String) throws -> String {
        guard let range = ByteRange(text) else { return "no range" }
        for size in [0, 1, 100, .max] as [Int64] {
            guard let bytes = range.resolved(size) else { continue }
            try expect(bytes.lowerBound >= 0 && bytes.upperBound <= size, "a range within \(size): \(bytes)")
            try expect(!bytes.isEmpty, "a range that is not empty")
        }
        return "a range"
    }

    private func cookie(_ text: String) throws -> String {
        var response = HTTPResponse(status: 200)
        guard response.set(HTTPCookie("name", text)) else { return "no cookie" }
        let field = response.headers["Set-Cookie"] ?? ""
        try expect(field.hasPrefix("name=\(text); Path=/; "), "the value as it is: \(field)")
        try expect(field.utf8.count { $0 == UInt8(ascii: ";") } == 4, "four attributes: \(field)")
        return "a cookie"
    }

    private func json(_ text: String) throws -> String {
        guard let value = try? JSONValue(parsing: text) else { return "no JSON" }
        try expect(try JSONValue(parsing: value.text) == value, "the same value from its own text: \(value)")
        return "JSON"
    }
}
