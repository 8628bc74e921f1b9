#if TLS
import COpenSSL
import ZCNet

/// What seals session tickets.
///
/// SAFETY: `Sendable` is unchecked because what it holds is behind a lock of its own.
@safe
final class TicketKeys: @unchecked Sendable {
    let place: UnsafeMutablePointer<ztls_tickets>
    let lifetime: Duration

    init(lifetime: Duration) throws(ConfigurationError) {
        guard let place = unsafe ztls_tickets_make(lifetime.components.seconds) else {
            throw ConfigurationError(field: "sessionTickets", expected: "random bytes for keys", got: "none")
        }
        unsafe self.place = place
        self.lifetime = lifetime
    }

    deinit { unsafe ztls_tickets_free(place) }
}
#endif
