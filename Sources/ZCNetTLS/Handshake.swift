#if TLS
import COpenSSL
import ZCNet

/// A handshake under way. Made per connection, and gone when it is handed over.
///
/// SAFETY: `@safe` because the memory is its own, wiped and freed with it.
@safe
final class Handshake {
    let bench: HandshakeBench
    /// Nil until the client's first bytes are here, or are to be sent: who only connects costs little.
    var shake: UnsafeMutablePointer<ztls_shake>?
    /// What the handshake of a server was begun with.
    var house: ServerHouse?
    /// A client's: what it says hello with, whom it is meant for, and who waits for it.
    var context: ClientContext?
    var target: ClientContext.Target?
    var completion: ((ConnectError.Cause?) -> Void)?
    /// Why a client's handshake has failed.
    var failure: SecurityError?
    var timer = TimerID.none
    /// When its time is up.
    var deadline = MonotonicInstant.zero
    /// Whether it is one of those that are under way.
    var isUnderWay = false
    /// Whether it waits for its turn, and whether its turn has come.
    var isWaiting = false
    var isDue = false

    init(_ bench: HandshakeBench) { self.bench = bench }

    deinit { unsafe ztls_shake_free(shake) }

    /// The `SSL` with what belongs to it, whose owner the caller is from here on.
    func takeShake() -> UnsafeMutablePointer<ztls_shake>? {
        defer { unsafe shake = nil }
        return unsafe shake
    }
}
#endif
