internal import CZCNet

/// The checksum CRC-32C (Castagnoli; RFC 3720 12.1): finds every error burst of up to 32 bits.
///
/// A checksum against decay and torn writes, not against an enemy. Some 10 GB/s where the processor has the
/// instruction. Any thread.
package enum CRC32C {
    /// The checksum of the bytes that gave `previous`, followed by these; 0 begins.
    package static func checksum(_ bytes: RawSpan, continuing previous: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBytes { buffer in
            // SAFETY: `count` bytes at the base; an empty view's nil is never read.
            unsafe czcnet_crc32c(previous, buffer.baseAddress, buffer.count)
        }
    }
}
