#if TLS
import COpenSSL
import ZCNet

/// Keeps a client's `SSL` until the session tickets are here that follow a handshake of TLS 1.3: it alone can
/// make sessions of them. Let go of with the first record that is none, or with the fourth ticket.
///
/// SAFETY: `@safe` because the memory is its own, freed with it; used on its connection's loop alone.
@safe
package final class TicketTaker {
    private let shake: UnsafeMutablePointer<ztls_shake>
    private let bench: HandshakeBench
    private let cache: SessionCache
    private let key: String
    private var count = 0

    /// Takes the handshake over.
    init(
        _ shake: UnsafeMutablePointer<ztls_shake>, bench: HandshakeBench, cache: SessionCache, key: String
    ) {
        unsafe self.shake = shake
        self.bench = bench
        self.cache = cache
        self.key = key
    }

    deinit { unsafe ztls_shake_free(shake) }

    /// Sets a record aside as it came, before it is opened in place.
    func keep(_ record: UnsafePointer<UInt8>, _ bytes: Int) {
        unsafe ztls_scratch(bench.loop).update(from: record, count: bytes)
    }

    /// Shows `SSL` the record that was kept last; false where no more are wanted.
    func show(_ bytes: Int) -> Bool {
        let isRight = unsafe ztls_shake_show(bench.loop, shake, ztls_scratch(bench.loop), bytes)
        count += unsafe cache.take(from: shake, for: key)
        return isRight && count < Int(ZTLS_SESSIONS_MAX)
    }
}

extension SessionCache {
    /// Keeps what an `SSL` was given to come back with; answers how many that are.
    @discardableResult
    func take(from shake: UnsafeMutablePointer<ztls_shake>, for key: String) -> Int {
        let count = unsafe Int(shake.pointee.sessions_count)
        unsafe withUnsafeBytes(of: &shake.pointee.sessions) { places in
            let all = unsafe places.assumingMemoryBound(to: OpaquePointer?.self)
            for index in 0..<count {
                if let place = unsafe all[index] { put(unsafe Session(place), for: key) }
            }
        }
        unsafe shake.pointee.sessions_count = 0
        return count
    }
}
#endif
