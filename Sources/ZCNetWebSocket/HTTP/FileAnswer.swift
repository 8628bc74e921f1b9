/// What a request for a file comes to, by the file's size and age and what the request says of both: ranges
/// (RFC 9110 14) and conditions (RFC 9110 13). Bytes and no files.
struct FileAnswer: Hashable {
    /// What is known of a file.
    struct Facts: Hashable {
        let byteCount: Int64
        let modified: (seconds: Int64, nanoseconds: Int64)
        let serial: UInt64

        static func == (left: Facts, right: Facts) -> Bool { left.tag == right.tag }
        func hash(into hasher: inout Hasher) { hasher.combine(tag) }

        /// A strong validator: a file that is written or replaced gets another one. RFC 9110 8.8.3.
        var tag: String {
            let parts = [UInt64(bitPattern: byteCount), serial, UInt64(bitPattern: modified.seconds)]
            return "\"" + parts.map { String($0, radix: 36) }.joined(separator: "-")
                + "-\(modified.nanoseconds)\""
        }

        /// When it was last changed, as `Last-Modified` has it.
        var date: String { HTTPDate.text(secondsSince1970: modified.seconds) }
    }

    /// 200, 206, 304, 412 or 416.
    let status: Int
    /// Which bytes are sent; empty where none are.
    let range: Range<Int64>

    /// Answers a request for a file.
    init(_ headers: HTTPHeaders, _ facts: Facts) {
        let whole = 0..<facts.byteCount
        // RFC 9110 13.2.2, in its order. A date is compared as text: a client sends back the one that it was
        // told, and any other says nothing of this file.
        if headers.contains("If-Match"), !Self.list(headers, "If-Match", has: facts.tag, isWeak: false) {
            self.init(412, 0..<0)
        } else if headers.contains("If-None-Match") {
            let isKnown = Self.list(headers, "If-None-Match", has: facts.tag, isWeak: true)
            self = isKnown ? FileAnswer(304, 0..<0) : Self.ranged(headers, facts, whole)
        } else if let since = headers["If-Modified-Since"], since == facts.date {
            self.init(304, 0..<0)
        } else {
            self = Self.ranged(headers, facts, whole)
        }
    }

    private init(_ status: Int, _ range: Range<Int64>) {
        self.status = status
        self.range = range
    }

    private static func ranged(
        _ headers: HTTPHeaders, _ facts: Facts, _ whole: Range<Int64>
    ) -> FileAnswer {
        // RFC 9110 14.2: one that is not understood is passed over, and several at a time may be.
        let values = headers.values(of: "Range")
        guard values.count == 1 else { return FileAnswer(200, whole) }
        if let condition = headers["If-Range"], condition != facts.tag, condition != facts.date {
            return FileAnswer(200, whole)
        }
        switch ByteRange(values[0]) {
        case nil: return FileAnswer(200, whole)
        case let range?:
            guard let asked = range.resolved(facts.byteCount) else { return FileAnswer(416, 0..<0) }
            return FileAnswer(206, asked)
        }
    }

    /// Whether a list of validators has one, or is `*`. RFC 9110 13.1.
    private static func list(
        _ headers: HTTPHeaders, _ name: String, has tag: String, isWeak: Bool
    ) -> Bool {
        headers.list(of: name).contains { element in
            element == "*" || element == tag || isWeak && element == "W/" + tag
        }
    }

    /// The fields of the answer that say what is sent, and what it was made from.
    func headers(_ facts: Facts, type: String) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.set("ETag", to: facts.tag)
        headers.set("Last-Modified", to: facts.date)
        headers.set("Accept-Ranges", to: "bytes")
        if status == 200 || status == 206 {
            headers.set("Content-Type", to: type)
            // Whatever a file is called, a browser must not take it for something that it can run.
            headers.set("X-Content-Type-Options", to: "nosniff")
        }
        if status == 206 {
            headers.set(
                "Content-Range", to: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(facts.byteCount)")
        }
        if status == 416 { headers.set("Content-Range", to: "bytes */\(facts.byteCount)") }
        return headers
    }
}

/// One range of bytes as a request asks for it: RFC 9110 14.1.2.
package enum ByteRange: Hashable {
    /// From one byte to another, or to the end.
    case from(Int64, through: Int64?)
    /// So many of the last bytes.
    case last(Int64)

    /// Nil for another unit, for several ranges, and for what is none.
    package init?(_ text: String) {
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")),
            HTTPCharacters.isSame(text[..<equals], "bytes")
        else { return nil }
        let spec = Array(text[text.index(after: equals)...].utf8)
        let parts = HTTPCharacters.trimmed(spec[...]).split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let (first, last) = (Self.number(parts[0]), Self.number(parts[1]))
        switch (parts[0].isEmpty, parts[1].isEmpty) {
        case (false, true):
            guard let first else { return nil }
            self = .from(first, through: nil)
        case (false, false):
            guard let first, let last, first <= last else { return nil }
            self = .from(first, through: last)
        case (true, false):
            guard let last else { return nil }
            self = .last(last)
        case (true, true): return nil
        }
    }

    /// Digits as a number: nil for anything else, and the largest for more than fit.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty, digits.allSatisfy(HTTPCharacters.isDigit) else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self)) ?? .max
    }

    /// Which bytes of a file that are; nil where it has none of them.
    package func resolved(_ byteCount: Int64) -> Range<Int64>? {
        switch self {
        case .from(let first, let last):
            guard first < byteCount else { return nil }
            let end = min(last ?? .max, byteCount - 1)
            return first..<(end + 1)
        case .last(let count):
            guard count > 0, byteCount > 0 else { return nil }
            return max(0, byteCount - count)..<byteCount
        }
    }
}

/// Where a request's path leads below a folder.
///
/// A path is cut at its slashes before its escapes are resolved, and a name that is hidden, or that is no
/// plain name (`.`, `..`, one with a slash or a backslash, an empty one), leads nowhere.
package enum FilePath {
    /// The names below the folder, and whether the path ends with a slash; nil for a path that leads nowhere.
    ///
    /// - Parameter path: as it was sent, behind the folder's own path and its slash.
    package static func names(in path: some StringProtocol) -> (names: [String], isFolder: Bool)? {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isFolder = parts.last?.isEmpty ?? true
        if isFolder { parts.removeLast() }
        var names: [String] = []
        for part in parts {
            guard let name = PercentEncoding.decode(part), let first = name.utf8.first,
                first != UInt8(ascii: "."), name.utf8.count <= 255,
                !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == HTTPCharacters.backslash })
            else { return nil }
            names.append(name)
        }
        return (names, isFolder)
    }

    /// The type that a file's name tells, as `Content-Type` has it.
    static func type(of name: String) -> String {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "application/octet-stream" }
        let ending = HTTPCharacters.lowercased(name[name.index(after: dot)...])
        return types[ending] ?? "application/octet-stream"
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8",
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "json": "application/json", "map": "application/json",
        "webmanifest": "application/manifest+json", "wasm": "application/wasm",
        "txt": "text/plain; charset=utf-8", "md": "text/markdown; charset=utf-8",
        "csv": "text/csv; charset=utf-8", "xml": "application/xml", "pdf": "application/pdf",
        "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
        "gif": "image/gif", "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon",
        "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf",
        "mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav", "mp4": "video/mp4",
        "webm": "video/webm", "zip": "application/zip", "gz": "application/gzip",
    ]
}
