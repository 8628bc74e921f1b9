#if TLS
import COpenSSL

/// The ciphers of a loop, shared by all of its connections.
///
/// **Threads.** The loop's only.
///
/// SAFETY: `@safe` because the memory is its own, and goes when the last connection that uses it has gone.
@safe
package final class CipherBench {
    package let place: UnsafeMutablePointer<ztls_bench>

    /// Nil where this OpenSSL lacks one of TLS 1.3's three ciphers. `byEVP` takes the slower interface though
    /// the provider offers its functions, for tests.
    package init?(byEVP: Bool = false) {
        guard let place = unsafe ztls_bench_make(byEVP) else { return nil }
        unsafe self.place = place
    }

    deinit { unsafe ztls_bench_free(place) }
}
#endif
