extension Duration {
    /// The duration in whole nanoseconds, cut towards zero; about 292 years either way are the most.
    @usableFromInline
    package var nanoseconds: Int64 {
        // Why: dividing 128 bits is a call into the runtime; nearly all timeouts fit the one instruction.
        if let short = Int64(exactly: attoseconds) { return short / 1_000_000_000 }
        return Int64(clamping: attoseconds / 1_000_000_000)
    }
}
