// Exported: whoever names the order of a number in these bytes has it with them.
@_exported public import ZCBytes

extension RawSpan {
    /// The integer at `offset`, or nil when the span ends before it does.
    @inlinable
    package func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        as type: Value.Type, at offset: Int, _ order: ByteOrder
    ) -> Value? {
        // Written so that no sum can overflow, whatever the offset.
        guard offset >= 0, byteCount >= MemoryLayout<Value>.size,
            offset <= byteCount - MemoryLayout<Value>.size
        else { return nil }
        // SAFETY: checked above; every bit pattern is an integer.
        return unsafe order.applied(to: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type))
    }
}
