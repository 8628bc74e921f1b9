/// Runs `body` with a copy of the bytes in memory of exactly their size, which goes away afterwards: under
/// the address sanitizer a look beyond it, or one that comes later, ends the program.
func withExactMemory<Result>(
    _ bytes: some Collection<UInt8>, _ body: (UnsafeMutableRawBufferPointer) throws -> Result
) rethrows -> Result {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
    defer { unsafe memory.deallocate() }
    let shown = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<bytes.count])
    unsafe shown.copyBytes(from: bytes)
    return try unsafe body(shown)
}

/// The same, as a view.
func withExactSpan<Result>(_ bytes: some Collection<UInt8>, _ body: (RawSpan) throws -> Result) rethrows
    -> Result
{
    try unsafe withExactMemory(bytes) { memory in
        try unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(memory)))
    }
}
