import Foundation

/// Looks at a document before the parser does, for what could keep a parser busy or have it read elsewhere.
///
/// Schemas need no document types: entities may grow into each other, from a few lines to gigabytes, and
/// external ones are other files. Nor do they need start tags of many thousand attributes.
enum XMLGuard {
    /// Bytes of one start tag, at most.
    static let tagBytesMax = 64 << 10

    /// The first thing that is refused, with its line. Linear in the document.
    static func problem(_ bytes: [UInt8]) -> (line: Int, message: String)? {
        // An encoding in which a tag does not begin with this byte would hide all of it from the scan.
        let space: Set<UInt8> = [0, 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF]
        if let first = bytes.first(where: { !space.contains($0) }), first != UInt8(ascii: "<") {
            return (1, "expected an XML document, got something else")
        }
        let encoding = declaredEncoding(bytes)
        if let encoding, !isASCIISuperset(encoding) {
            return (1, "expected a document in UTF-8, UTF-16, ISO-8859 or Windows-125x, got \(encoding)")
        }
        if let problem = illFormed(bytes, encoding) { return problem }
        // In UTF-16 every other byte of what is looked for here is zero.
        var scan = Scan(bytes: bytes.contains(0) ? bytes.filter { $0 != 0 } : bytes)
        return scan.problem()
    }

    /// The encoding that the XML declaration names.
    private static func declaredEncoding(_ bytes: [UInt8]) -> String? {
        let head = String(decoding: bytes.prefix(400).filter { $0 != 0 && $0 < 0x80 }, as: UTF8.self)
        guard head.hasPrefix("<?xml"), let end = head.range(of: "?>"),
            let attribute = head[..<end.lowerBound].range(of: "encoding")
        else { return nil }
        let rest = head[attribute.upperBound..<end.lowerBound].drop { $0 == " " || $0 == "=" }
        guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
        return String(rest.dropFirst().prefix { $0 != quote })
    }

    private static func isASCIISuperset(_ name: String) -> Bool {
        let known = ["UTF-8", "UTF8", "UTF-16", "US-ASCII", "ASCII", "ISO-8859-", "ISO8859-", "WINDOWS-125"]
        return known.contains { name.uppercased().hasPrefix($0) }
    }

    /// Text that is not what its encoding allows. Foundation's parser ends the process where a name is not
    /// UTF-8, which libxml2 hands on before it complains.
    private static func illFormed(_ bytes: [UInt8], _ encoding: String?) -> (line: Int, message: String)? {
        let isBigEndian = bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0, 0x3C])
        let isLittleEndian = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0x3C, 0])
        if isBigEndian || isLittleEndian {
            let units = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
                let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
                return isBigEndian ? first << 8 | second : second << 8 | first
            }
            let line = bytes.count.isMultiple(of: 2) ? firstIllFormedLine(units, UTF16()) : 1
            return line.map { ($0, "expected well-formed UTF-16, got something else") }
        }
        // Where a mark of UTF-8 comes first, whatever is declared counts for nothing.
        let isTranscoded = ["ISO", "WINDOWS"].contains { encoding?.uppercased().hasPrefix($0) == true }
        if isTranscoded && !bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return nil }
        let line = firstIllFormedLine(bytes, UTF8())
        return line.map { ($0, "expected well-formed UTF-8, got something else") }
    }

    private static func firstIllFormedLine<Codec: UnicodeCodec>(
        _ units: [Codec.CodeUnit], _ codec: Codec
    ) -> Int? {
        var codec = codec
        var rest = units.makeIterator()
        var line = 1
        while true {
            switch codec.decode(&rest) {
            case .scalarValue(let scalar): if scalar == "\n" { line += 1 }
            case .emptyInput: return nil
            case .error: return line
            }
        }
    }

    private struct Scan {
        let bytes: [UInt8]
        var index = 0
        var line = 1

        mutating func problem() -> (line: Int, message: String)? {
            while index < bytes.count {
                guard bytes[index] == UInt8(ascii: "<") else {
                    step()
                    continue
                }
                let begin = line
                if skip("<!--", to: "-->") || skip("<![CDATA[", to: "]]>") || skip("<?", to: "?>") {
                    continue
                }
                if has("<!") {
                    return (
                        begin, "expected no document type, whose entities are not read, got a declaration"
                    )
                }
                let start = index
                skipTag()
                if index - start > tagBytesMax {
                    return (begin, "expected tags of at most \(tagBytesMax) bytes, got \(index - start)")
                }
            }
            return nil
        }

        private mutating func step() {
            if bytes[index] == UInt8(ascii: "\n") { line += 1 }
            index += 1
        }

        private func has(_ text: StaticString) -> Bool {
            let pattern = text.description.utf8
            return bytes.count - index >= pattern.count
                && bytes[index..<index + pattern.count].elementsEqual(pattern)
        }

        /// Goes behind what begins and ends with these, or to the end of the document.
        private mutating func skip(_ open: StaticString, to close: StaticString) -> Bool {
            guard has(open) else { return false }
            for _ in 0..<open.utf8CodeUnitCount { step() }
            let first = close.description.utf8.first
            while index < bytes.count {
                if bytes[index] == first, has(close) {
                    for _ in 0..<close.utf8CodeUnitCount { step() }
                    return true
                }
                step()
            }
            return true
        }

        /// Goes behind a tag; a `>` in an attribute's value does not end it.
        private mutating func skipTag() {
            var quote: UInt8?
            while index < bytes.count {
                let byte = bytes[index]
                step()
                if let open = quote {
                    if byte == open { quote = nil }
                } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    quote = byte
                } else if byte == UInt8(ascii: ">") {
                    return
                }
            }
        }
    }
}
