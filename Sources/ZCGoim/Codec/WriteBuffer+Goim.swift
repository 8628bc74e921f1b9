public import ZCNet

extension WriteBuffer {
    /// Appends a proto.
    ///
    /// - Throws: ``WriteBufferError`` when it does not fit; nothing is written then.
    public mutating func append(
        _ header: GoimHeader, body: RawSpan, _ format: GoimHeaderFormat = .plain
    ) throws(WriteBufferError) {
        try ensureRoom(for: format.headerBytes + body.byteCount)
        try append(header, bodyBytes: body.byteCount, format)
        try append(body)
    }

    /// Appends the header of a proto whose body of so many bytes is to follow.
    ///
    /// - Throws: ``WriteBufferError`` when the header does not fit; nothing is written then.
    /// - Precondition: `bodyBytes` is not negative, and at most what a packLen can say.
    public mutating func append(
        _ header: GoimHeader, bodyBytes: Int, _ format: GoimHeaderFormat = .plain
    ) throws(WriteBufferError) {
        precondition(
            bodyBytes >= 0 && bodyBytes <= Int(Int32.max) - format.headerBytes,
            "a body of \(bodyBytes) bytes has no packLen")
        try ensureRoom(for: format.headerBytes)
        try append(Int32(format.headerBytes + bodyBytes), .bigEndian)
        try append(Int16(format.headerBytes), .bigEndian)
        try append(header.version, .bigEndian)
        try append(header.operation.rawValue, .bigEndian)
        try append(header.sequence, .bigEndian)
        if format == .extended {
            try append(header.roomID, .bigEndian)
            try append(header.userID, .bigEndian)
        }
    }
}
