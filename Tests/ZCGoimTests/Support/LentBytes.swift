import ZCGoim

/// Lends bytes in memory of exactly their length, so that a byte too far is somebody else's.
func lend<Result>(_ bytes: [UInt8], _ body: (borrowing ReceivedChunk) throws -> Result) rethrows -> Result {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { unsafe memory.deallocate() }
    unsafe memory.copyBytes(from: bytes)
    let chunk = unsafe ReceivedChunk(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(memory)))
    return try body(chunk)
}

extension SharedBytes {
    /// The bytes as an array.
    var array: [UInt8] { (0..<count).map { self[$0] } }
}
