/// A single value that is neither an enumeration nor a set: an integer, a float or a character.
///
/// What begins with an underscore serves value twins.
public protocol SBENumber: SBEPrimitive {
    /// The lowest value, unless the schema says otherwise.
    static var _least: Self { get }
    /// The highest value, unless the schema says otherwise.
    static var _most: Self { get }
    /// Whether the value lies within bounds.
    func _isWithin(_ low: Self, _ high: Self) -> Bool
    /// The range from one bound to the other, as a message for people has it.
    static func _words(_ low: Self, _ high: Self) -> String
    /// The value, for people.
    var _words: String { get }
    /// Writes the value as JSON has it.
    func _write(to json: inout SBEJSONWriter)
}

extension SBENumber where Self: Comparable {
    // So written that a NaN is outside of every range.
    /// Whether the value lies within bounds.
    public func _isWithin(_ low: Self, _ high: Self) -> Bool { self >= low && self <= high }
    /// The range from one bound to the other, as a message for people has it.
    public static func _words(_ low: Self, _ high: Self) -> String { "\(low)...\(high)" }
    /// The value, for people.
    public var _words: String { "\(self)" }
}

extension SBENumber where Self: FixedWidthInteger {
    // The standard keeps one value of each integer for null: the lowest signed, the highest unsigned.
    /// The lowest value, unless the schema says otherwise.
    public static var _least: Self { isSigned ? min + 1 : min }
    /// The highest value, unless the schema says otherwise.
    public static var _most: Self { isSigned ? max : max - 1 }
    /// Writes the value as a number of JSON.
    public func _write(to json: inout SBEJSONWriter) { json.value(self) }
}

extension Int8: SBENumber {}
extension Int16: SBENumber {}
extension Int32: SBENumber {}
extension Int64: SBENumber {}
extension UInt8: SBENumber {}
extension UInt16: SBENumber {}
extension UInt32: SBENumber {}
extension UInt64: SBENumber {}

extension Float: SBENumber {
    /// The lowest finite value.
    public static var _least: Float { -greatestFiniteMagnitude }
    /// The highest finite value.
    public static var _most: Float { greatestFiniteMagnitude }
    /// Writes the value as a number of JSON.
    public func _write(to json: inout SBEJSONWriter) { json.value(self) }
}

extension Double: SBENumber {
    /// The lowest finite value.
    public static var _least: Double { -greatestFiniteMagnitude }
    /// The highest finite value.
    public static var _most: Double { greatestFiniteMagnitude }
    /// Writes the value as a number of JSON.
    public func _write(to json: inout SBEJSONWriter) { json.value(self) }
}

extension SBEChar: SBENumber {
    /// The blank: the least character that can be printed.
    public static var _least: SBEChar { SBEChar(0x20) }
    /// The tilde: the last character that can be printed.
    public static var _most: SBEChar { SBEChar(0x7E) }
    /// Whether the value lies within bounds.
    public func _isWithin(_ low: SBEChar, _ high: SBEChar) -> Bool { byte >= low.byte && byte <= high.byte }
    /// The range from one bound to the other, as a message for people has it.
    public static func _words(_ low: SBEChar, _ high: SBEChar) -> String {
        "a character of \(low.byte)...\(high.byte)"
    }
    /// The value, for people.
    public var _words: String { "\(byte)" }
    /// Writes the character as a string of JSON.
    public func _write(to json: inout SBEJSONWriter) { json.value(self) }
}
