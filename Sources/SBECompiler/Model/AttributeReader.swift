/// Reads an element's attributes and notes those that are missing or malformed.
struct AttributeReader {
    /// Versions, ids, offsets and lengths are unsigned 32-bit numbers at most.
    static let numberMax = Int(UInt32.max)

    let element: SourceElement
    var problems: ProblemList

    var origin: Origin { Origin(element) }

    /// An attribute as it is written, without surrounding white space; nil where it is missing.
    func text(_ name: String) -> String? { element.attributes[name].map(\.trimmedToken) }

    /// A text for people: nil also where it is empty.
    func prose(_ name: String) -> String? {
        guard let text = text(name), !text.isEmpty else { return nil }
        return text
    }

    /// An attribute that must be there.
    mutating func required(_ name: String) -> String {
        guard let text = text(name), !text.isEmpty else {
            problems.error(origin, "expected the attribute \(name), got none")
            return ""
        }
        return text
    }

    /// A number, nil where it is missing or, noted, none.
    mutating func number(_ name: String) -> Int? {
        guard let text = text(name) else { return nil }
        guard let value = Self.number(text), value <= Self.numberMax else {
            problems.error(origin, "expected a number of 0...\(Self.numberMax) as \(name), got \"\(text)\"")
            return nil
        }
        return value
    }

    /// A number that must be there.
    mutating func requiredNumber(_ name: String) -> Int {
        guard text(name) != nil else {
            problems.error(origin, "expected the attribute \(name), got none")
            return 0
        }
        return number(name) ?? 0
    }

    /// One of a few words, nil where it is missing or, noted, another.
    mutating func word<Word: RawRepresentable>(
        _ name: String, of words: [Word]
    ) -> Word? where Word.RawValue == String {
        guard let text = text(name) else { return nil }
        guard let word = words.first(where: { $0.rawValue == text }) else {
            let expected = words.map(\.rawValue).joined(separator: ", ")
            problems.error(origin, "expected one of \(expected) as \(name), got \"\(text)\"")
            return nil
        }
        return word
    }

    mutating func presence() -> Presence? { word("presence", of: [Presence.required, .optional, .constant]) }

    mutating func sinceVersion() -> Int { number("sinceVersion") ?? 0 }

    mutating func annotations() -> Annotations {
        Annotations(
            description: prose("description"), semanticType: prose("semanticType"),
            deprecated: number("deprecated"), epoch: prose("epoch"), timeUnit: prose("timeUnit"))
    }

    /// Decimal digits, nothing else.
    private static func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
