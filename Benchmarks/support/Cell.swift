/// What stands in a table: words, a figure, or nothing where nothing was measured.
public enum Cell: Hashable, Sendable {
    /// Words.
    case text(String)
    /// A figure; the column says what it counts.
    case number(Double)
    /// Nothing was measured.
    case missing

    /// The cell as a reader wants it: three digits that matter, thousands apart.
    public var description: String {
        switch self {
        case .text(let text): text
        case .number(let value): Self.formatted(value)
        case .missing: "–"
        }
    }

    /// The figure, where it is one.
    public var number: Double? { if case .number(let value) = self { value } else { nil } }

    /// A figure with as many decimals as its size deserves.
    public static func formatted(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let decimals =
            abs(value) >= 100 || value == value.rounded() ? 0 : abs(value) >= 10 ? 1 : abs(value) >= 1 ? 2 : 3
        let scale = [1.0, 10, 100, 1000][decimals]
        let scaled = Int((abs(value) * scale).rounded())
        let whole = scaled / Int(scale)
        var text = value < 0 && scaled > 0 ? "-" : ""
        text += grouped(whole)
        guard decimals > 0 else { return text }
        let fraction = String(scaled % Int(scale))
        return text + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    private static func grouped(_ whole: Int) -> String {
        let digits = String(whole)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }
}

extension Cell: Codable {
    /// A string, a number or null, as JSON has them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .missing
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    /// A string, a number or null, as JSON has them.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let value) where value.isFinite: try container.encode(value)
        case .number, .missing: try container.encodeNil()
        }
    }
}

extension Cell: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// Words.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A figure.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A figure.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
}
