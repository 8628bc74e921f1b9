import ZCLibC

extension SharedBytes: Equatable {
    /// Whether both have the same bytes, wherever these are. O(n), O(1) for the same memory.
    public static func == (left: SharedBytes, right: SharedBytes) -> Bool {
        guard left.count == right.count else { return false }
        if unsafe left.start == right.start { return true }
        // SAFETY: both sides have `count` bytes and are kept by the parameters.
        return unsafe memcmp(left.start, right.start, left.count) == 0
    }

    /// Whether the value has the same bytes as a borrowed view. O(n).
    public func hasSameBytes(as view: RawSpan) -> Bool {
        guard count == view.byteCount else { return false }
        return unsafe view.withUnsafeBytes { other in
            // SAFETY: both sides have `count` bytes; an empty view may have no address.
            guard let address = other.baseAddress else { return true }
            return unsafe memcmp(start, address, count) == 0
        }
    }
}

extension SharedBytes: Hashable {
    /// Hashes the content, so equal bytes in different memory hash alike. O(n).
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        unsafe withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}

extension SharedBytes: CustomStringConvertible {
    /// The count and the first bytes in hexadecimal: `SharedBytes(5: 68 65 6c 6c 6f)`.
    public var description: String {
        let shown = 16
        var text = "SharedBytes(\(count)"
        for offset in 0..<min(count, shown) {
            let digits = String(self[offset], radix: 16)
            text += (offset == 0 ? ": " : " ") + (digits.count == 1 ? "0" : "") + digits
        }
        return text + (count > shown ? " …)" : ")")
    }
}

extension SharedBytes: ExpressibleByStringLiteral {
    /// Shows the bytes of a literal in place, without a copy.
    @inlinable
    public init(stringLiteral text: StaticString) { self.init(text) }
}
