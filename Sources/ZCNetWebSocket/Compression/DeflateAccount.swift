#if Deflate
internal import CZlib
import ZCNet

/// The books of a loop's compression memory, with a bound: every byte that zlib asks for goes through here.
///
/// **Ownership.** Contexts keep their account alive.
///
/// **Threads.** The loop's thread only; so are all contexts on it.
@safe
package final class DeflateAccount {
    // SAFETY: `@safe` because the pointee lives exactly as long as the object, and all contexts that
    // write to it hold the object.
    let books: UnsafeMutablePointer<czlib_account>

    /// Opens the books.
    ///
    /// - Parameter bytesMax: what all contexts together may take.
    /// - Precondition: `bytesMax >= 0`.
    package init(bytesMax: Int) {
        precondition(bytesMax >= 0, "a negative bound")
        unsafe books = .allocate(capacity: 1)
        unsafe books.initialize(to: czlib_account())
        unsafe books.pointee.bytes_max = bytesMax
    }

    deinit { unsafe books.deallocate() }

    /// What the contexts take now.
    package var bytes: Int { unsafe books.pointee.bytes }
    /// The most that they took at a time.
    package var bytesMost: Int { unsafe books.pointee.bytes_most }
    /// What they may take.
    package var bytesMax: Int { unsafe books.pointee.bytes_max }
    /// Blocks of memory in use.
    package var blockCount: Int { unsafe books.pointee.blocks }
    /// Contexts alive.
    package var contextCount: Int { unsafe books.pointee.codecs }

    /// The refusal of a context, in words.
    func refusal(_ status: czlib_status, of what: String) -> DeflateError {
        status == CZLIB_BAD_PARAMETER
            ? DeflateError(.unsupported, expected: "parameters that zlib takes", got: what)
            : DeflateError(
                .outOfMemory, expected: "room for \(what)", got: "\(bytes) of \(bytesMax) bytes taken")
    }
}

@available(*, unavailable)
extension DeflateAccount: Sendable {}
#endif
