import ZCNet

/// JSON (RFC 8259) to be sent: requests to servers, put together value by value.
enum JSONText: Sendable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case array([JSONText])
    /// Fields in their order; those that are nil are left out.
    case object([(String, JSONText?)])

    /// The text, without blanks.
    var text: String {
        switch self {
        case .string(let string): return JSONReader.quoted(string)
        case .integer(let number): return "\(number)"
        case .boolean(let truth): return truth ? "true" : "false"
        case .array(let values): return "[\(values.map(\.text).joined(separator: ","))]"
        case .object(let fields):
            let shown = fields.compactMap { name, value in
                value.map { "\(JSONReader.quoted(name)):\($0.text)" }
            }
            return "{\(shown.joined(separator: ","))}"
        }
    }

    /// A duration as servers have it: nanoseconds.
    static func duration(_ duration: Duration) -> JSONText { .integer(duration.nanoseconds) }

    static func strings(_ strings: [String]) -> JSONText { .array(strings.map(JSONText.string)) }
}
