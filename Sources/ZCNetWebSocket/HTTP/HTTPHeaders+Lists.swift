/// Fields whose values are comma-separated lists.
extension HTTPHeaders {
    /// The elements of a list that may span several fields of one name: RFC 9110 5.6.1.
    ///
    /// Empty elements are left out, as that section asks; a comma between quotes does not separate. O(n).
    public func list(of name: String) -> [String] { values(of: name).flatMap { Self.elements(of: $0) } }

    /// Whether a list contains a token, without regard to case.
    public func list(of name: String, contains token: String) -> Bool {
        list(of: name).contains { HTTPCharacters.isSame($0, token) }
    }

    /// The elements of a list of tokens that may span several fields of one name, such as `Connection`,
    /// `Upgrade` or `Transfer-Encoding`. O(n).
    ///
    /// Every comma separates. Why not ``list(of:)``: a quote means nothing in these fields, and one that a
    /// client sends must not hide what stands behind it, which proxies go by.
    func tokens(of name: String) -> [String] {
        values(of: name).flatMap { value in
            value.utf8.split(separator: UInt8(ascii: ",")).compactMap { part in
                let element = HTTPCharacters.trimmed(Array(part)[...])
                return element.isEmpty ? nil : String(decoding: element, as: UTF8.self)
            }
        }
    }

    /// Whether a list of tokens contains one, without regard to case.
    func hasToken(_ token: String, in name: String) -> Bool {
        tokens(of: name).contains { HTTPCharacters.isSame($0, token) }
    }

    private static func elements(of value: String) -> [String] {
        parts(of: Array(value.utf8)[...], at: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The parts between separators, without blanks around them and without empty ones; a separator between
    /// quotes is none.
    static func parts(of bytes: ArraySlice<UInt8>, at separator: UInt8) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var (isQuoted, isEscaped) = (false, false)
        func take(upTo end: Int) {
            let part = HTTPCharacters.trimmed(bytes[start..<end])
            if !part.isEmpty { parts.append(part) }
            start = end + 1
        }
        for index in bytes.indices {
            let byte = bytes[index]
            if isEscaped {
                isEscaped = false
            } else if byte == HTTPCharacters.quote {
                isQuoted.toggle()
            } else if isQuoted {
                isEscaped = byte == HTTPCharacters.backslash
            } else if byte == separator {
                take(upTo: index)
            }
        }
        take(upTo: bytes.endIndex)
        return parts
    }
}
