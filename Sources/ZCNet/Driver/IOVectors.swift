import ZCLibC

/// Bytes in several places, offered to the kernel in one call.
///
/// SAFETY: `@safe` because whoever builds one keeps the vectors and the bytes they name in place for the call
/// that it is passed to, and longer only where the driver's contract asks for it.
@safe
package struct IOVectors {
    package let base: UnsafeMutablePointer<iovec>
    package let count: Int
    /// The sum of all lengths.
    package let byteCount: Int

    package init(base: UnsafeMutablePointer<iovec>, count: Int, byteCount: Int) {
        unsafe self.base = base
        self.count = count
        self.byteCount = byteCount
    }
}
