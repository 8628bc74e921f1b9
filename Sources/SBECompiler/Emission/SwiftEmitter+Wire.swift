extension SwiftEmitter {
    /// The expression of an integer of a header, of dimensions or of a length.
    func wire(_ integer: WireIntegerLayout) -> String {
        guard let constant = integer.constant else {
            return "SBEWireInteger(\(integer.offset), \(integer.primitive.size))"
        }
        return "SBEWireInteger(\(integer.offset), 0, constant: \(clamped(constant)))"
    }

    /// The expression of the header's layout.
    var headerLayout: String {
        let header = schema.header
        var parts = [
            "size: \(header.size)", "blockLength: \(wire(header.blockLength))",
            "templateID: \(wire(header.templateId))", "schemaID: \(wire(header.schemaId))",
            "version: \(wire(header.version))",
        ]
        if let groups = header.numGroups { parts.append("groups: \(wire(groups))") }
        if let data = header.numVarDataFields { parts.append("data: \(wire(data))") }
        return "SBEHeaderLayout(\(parts.joined(separator: ", ")))"
    }

    /// The expression of dimensions.
    func dimensionLayout(_ dimension: DimensionLayout) -> String {
        var parts = [
            "size: \(dimension.size)", "blockLength: \(wire(dimension.blockLength))",
            "count: \(wire(dimension.numInGroup))",
        ]
        if let groups = dimension.numGroups { parts.append("groups: \(wire(groups))") }
        if let data = dimension.numVarDataFields { parts.append("data: \(wire(data))") }
        return "SBEDimensionLayout(\(parts.joined(separator: ", ")))"
    }

    /// A bound as an `Int`; what exceeds one bounds nothing.
    func clamped(_ bound: UInt64) -> String { bound >= UInt64(Int.max) ? ".max" : "\(bound)" }

    /// The Swift type of a primitive type.
    func swiftType(_ primitive: PrimitiveType) -> String {
        switch primitive {
        case .char: "SBEChar"
        case .int8: "Int8"
        case .int16: "Int16"
        case .int32: "Int32"
        case .int64: "Int64"
        case .uint8: "UInt8"
        case .uint16: "UInt16"
        case .uint32: "UInt32"
        case .uint64: "UInt64"
        case .float: "Float"
        case .double: "Double"
        }
    }

    /// The Swift type of the bits of a primitive type.
    func bitsType(_ primitive: PrimitiveType) -> String {
        primitive == .char ? "UInt8" : swiftType(primitive)
    }

    /// The expression of a value.
    func literal(_ value: PrimitiveValue) -> String {
        switch value.type {
        case .char: "SBEChar(\(value.unsigned))"
        case .float, .double: "\(swiftType(value.type))(bitPattern: \(value.bits))"
        default: number(value)
        }
    }

    /// The value as an integer literal.
    func number(_ value: PrimitiveValue) -> String {
        value.type.isSigned ? "\(value.signed)" : "\(value.unsigned)"
    }

    /// The expression of a text's character encoding.
    func encoding(_ name: String?) -> String {
        switch name?.uppercased() {
        case nil, "ASCII", "US-ASCII", "ISO646-US", "ANSI_X3.4-1968", "UTF-8", "UTF8": ".utf8"
        case "ISO-8859-1", "ISO_8859-1", "ISO8859-1", "ISO8859_1", "LATIN1": ".latin1"
        default: ".other"
        }
    }

    /// The same as a type.
    func textEncoding(_ name: String?) -> String {
        switch encoding(name) {
        case ".utf8": "SBEUTF8Text"
        case ".latin1": "SBELatin1Text"
        default: "SBEOtherText"
        }
    }

    /// A string literal of these characters.
    func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _
            where scalar.value < 0x20 || scalar.value == 0x7F
                || scalar.properties.isDefaultIgnorableCodePoint:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
