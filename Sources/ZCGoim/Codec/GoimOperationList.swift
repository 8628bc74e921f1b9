import ZCNet

/// The body of a subscription: operations such as `1000,1001`.
package enum GoimOperationList {
    /// Reads a list. Blanks around numbers are allowed; an empty body is an empty list.
    ///
    /// - Throws: ``GoimError`` for anything but 32-bit numbers, and for more than `countMax` of them.
    package static func parse(_ bytes: RawSpan, countMax: Int) throws(GoimError) -> [Int32] {
        let text = bytes.text
        var operations: [Int32] = []
        for part in text.split(separator: ",") {
            let digits = part.drop { $0 == " " }
            let end = digits.lastIndex { $0 != " " }.map(digits.index(after:)) ?? digits.endIndex
            guard let number = Int32(digits[..<end]) else {
                throw GoimError(.body, expected: "operations such as 1000,1001", got: "'\(part.prefix(32))'")
            }
            guard operations.count < countMax else {
                throw GoimError(.body, expected: "at most \(countMax) operations", got: "more")
            }
            operations.append(number)
        }
        return operations
    }
}
