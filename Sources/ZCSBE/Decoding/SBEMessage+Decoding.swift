extension SBEMessage {
    /// Checks a whole message and shows it in place.
    ///
    /// The header must name this schema and message. Bytes behind the message are allowed and not touched.
    ///
    /// **Complexity.** O(1), and O(entries) for groups whose entries have groups or data of their own.
    ///
    /// - Parameter position: where the message begins.
    /// - Precondition: `position` is one of `0...bytes.byteCount`.
    /// - Throws: ``SBEError``, with what was expected and what came, when the bytes end too early, name
    ///   something else, or contradict the schema.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    public static func decode(_ bytes: RawSpan, from position: Int = 0) throws(SBEError) -> SBEView<Self> {
        var position = position
        return try decode(bytes, advancing: &position)
    }

    /// Checks a whole message and shows it in place, and moves the position behind it: for messages that
    /// stand one behind the other.
    ///
    /// ```swift
    /// var position = 0
    /// while position < bytes.byteCount {
    ///     let trade = try Trade.decode(bytes, advancing: &position)
    ///     volume += UInt64(trade.quantity)
    /// }
    /// ```
    /// **Complexity.** As ``decode(_:from:)-(RawSpan,_)``.
    ///
    /// - Parameter position: where the message begins, and then where it ends; as it was where this throws.
    /// - Precondition: `position` is one of `0...bytes.byteCount`.
    /// - Throws: ``SBEError``, as ``decode(_:from:)-(RawSpan,_)``.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    public static func decode(
        _ bytes: RawSpan, advancing position: inout Int
    ) throws(SBEError) -> SBEView<Self> {
        let header = Schema.header
        let start = position
        let rest = bytes.byteCount &- start
        precondition(start >= 0 && rest >= 0, "outside of the bytes")
        // A message has a byte at least, and so has memory what it stands in.
        guard rest >= max(header.size, 1) else { throw truncated(SBEExtent(bytes, from: start)) }
        let whole = unsafe SBEExtent(nonEmpty: bytes, from: start)
        let length: Int
        let version: Int
        // SAFETY: eight bytes are there, as many as such a header has.
        if let own = ownHeader, unsafe whole.start.loadUnaligned(as: UInt64.self) == own {
            length = blockLength
            version = Schema.version
        } else {
            version = whole.unsigned(header.version, from: 0, Schema.self)
            length = try checkedLength(whole, version)
        }
        guard length <= whole.count &- header.size else { throw truncated(whole) }
        let message = whole.ofVersion(version)
        let unknown = SBEUnknownParts(
            message, at: 0, header.groups, header.data, known: FirstPart.self, Schema.self)
        var fault: SBEError?
        let groups = FirstPart._Rules._checkGroups(message, from: header.size &+ length, &fault)
        let tail = unknown.endOfGroups(message, from: groups, Schema.self)
        let data = tail < 0 ? tail : FirstPart._Rules._checkData(message, from: tail, &fault)
        let end = unknown.endOfData(message, from: data, Schema.self)
        guard end >= 0 else { throw fault ?? truncated(whole) }
        position = start &+ end
        return SBEView(
            message.dropping(header.size), length: length, tail: tail &- header.size, end: end &- header.size)
    }

    /// The header of a message that this very schema writes, as eight bytes are loaded; nil where headers
    /// have another layout.
    ///
    /// A constant. One comparison with it takes the place of all checks of a header, and tells the block's
    /// length before it is loaded, so that the next message's address does not wait for it: with messages
    /// back to back, such waiting was most of what decoding cost.
    @inlinable @inline(__always)
    static var ownHeader: UInt64? {
        guard Schema.header.isStandard else { return nil }
        let (length, template, schema, version) = (blockLength, templateID, Schema.id, Schema.version)
        guard length | template | schema | version <= 0xffff else { return nil }
        let bits =
            switch Schema.byteOrder {
            case .littleEndian: length | template << 16 | schema << 32 | version << 48
            case .bigEndian: version | schema << 16 | template << 32 | length << 48
            }
        // As the machine loads it.
        return Schema.byteOrder.applied(to: UInt64(bitPattern: Int64(bits)))
    }

    /// The length of the block, where the header names this schema and message.
    @inlinable @inline(__always)
    static func checkedLength(_ whole: borrowing SBEExtent, _ version: Int) throws(SBEError) -> Int {
        let header = Schema.header
        let template = whole.unsigned(header.templateID, from: 0, Schema.self)
        let schema = whole.unsigned(header.schemaID, from: 0, Schema.self)
        guard template == templateID, schema == Schema.id else { throw other(schema, template) }
        let length = whole.unsigned(header.blockLength, from: 0, Schema.self)
        let lengthMin = blockLengthMin(version: version)
        guard length >= lengthMin else {
            throw SBEError(.blockTooShort, at: name, expected: lengthMin, got: length)
        }
        return length
    }

    /// Checks a whole message and shows it in place; as ``decode(_:from:)-(RawSpan,_)`` of raw bytes.
    ///
    /// - Throws: ``SBEError``, with what was expected and what came.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    public static func decode(
        _ bytes: Span<UInt8>, from position: Int = 0
    ) throws(SBEError) -> SBEView<Self> {
        // SAFETY: a UInt8 has no padding, so all of the span's memory is initialised.
        try decode(unsafe bytes.bytes, from: position)
    }

    /// Checks a whole message, shows it in place and moves the position behind it; as
    /// ``decode(_:advancing:)`` of raw bytes.
    ///
    /// - Throws: ``SBEError``, with what was expected and what came.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    public static func decode(
        _ bytes: Span<UInt8>, advancing position: inout Int
    ) throws(SBEError) -> SBEView<Self> {
        // SAFETY: as above.
        try decode(unsafe bytes.bytes, advancing: &position)
    }

    /// What to say of too few bytes.
    @inline(never)
    @usableFromInline
    static func truncated(_ whole: borrowing SBEExtent) -> SBEError {
        let header = Schema.header
        var length = blockLength
        if whole.count >= header.size {
            length = whole.unsigned(header.blockLength, from: 0, Schema.self)
        }
        let expected = header.size.addingReportingOverflow(length)
        return SBEError(
            .truncated, at: name, expected: expected.overflow ? .max : expected.partialValue,
            got: whole.count)
    }

    /// What to say of another message.
    @inline(never)
    @usableFromInline
    static func other(_ schema: Int, _ template: Int) -> SBEError {
        guard schema == Schema.id else {
            return SBEError(.otherSchema, at: name, expected: Schema.id, got: schema)
        }
        return SBEError(.otherTemplate, at: name, expected: templateID, got: template)
    }
}
