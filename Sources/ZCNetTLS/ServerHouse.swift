#if TLS
import COpenSSL
import ZCNet

/// All that the handshakes of a server need that begin between one reload and the next.
///
/// SAFETY: `Sendable` is unchecked because what it holds is only read once it is made; OpenSSL counts the
/// uses of its contexts atomically. Whoever shakes hands keeps it alive.
@safe
final class ServerHouse: @unchecked Sendable {
    let place: UnsafeMutablePointer<ztls_house>
    let tickets: TicketKeys
    private let credentials: [Credentials]
    private let roots: Roots?

    /// Reads everything; with an earlier house only what is in files, unless `readsAll`.
    init(_ configuration: TLSServerConfiguration, since before: ServerHouse?, readsAll: Bool = false)
        throws(ConfigurationError)
    {
        try configuration.validate()
        var all: [Credentials] = []
        for (index, certificate) in configuration.certificates.enumerated() {
            let field = "certificates[\(index)]"
            if let before, !readsAll, certificate.isAtHand {
                all.append(try Credentials(before.credentials[index], staple: certificate.staple, field))
            } else {
                all.append(try Credentials(certificate, field))
            }
        }
        credentials = all
        roots =
            switch configuration.clientAuthentication {
            case .off: nil
            case .wanted(let source), .required(let source): try Roots(source, "clientAuthentication")
            }
        if let before, roots == nil, before.tickets.lifetime == configuration.sessionLifetime {
            tickets = before.tickets
        } else {
            tickets = try TicketKeys(lifetime: configuration.sessionLifetime)
        }
        let protocols = try wireProtocols(configuration.applicationProtocols)
        guard let place = unsafe ztls_house_make(all.count, protocols, protocols.count) else {
            throw ConfigurationError(field: "certificates", expected: "memory", got: "none")
        }
        unsafe self.place = place
        try furnish(configuration)
    }

    deinit { unsafe ztls_house_free(place) }

    private func furnish(_ configuration: TLSServerConfiguration) throws(ConfigurationError) {
        unsafe place.pointee.refuses_unknown_names = configuration.unknownNames == .areRefused
        unsafe place.pointee.allows_12 = configuration.versions == .intermediate
        unsafe place.pointee.tickets = tickets.place
        unsafe place.pointee.tickets_per_handshake = configuration.sessionTickets
        unsafe place.pointee.roots = roots?.store
        let verification =
            switch configuration.clientAuthentication {
            case .off: ZTLS_VERIFY_NOBODY
            case .wanted: ZTLS_VERIFY_WANTED
            case .required: ZTLS_VERIFY_REQUIRED
            }
        unsafe place.pointee.verification = Int32(verification)
        for (index, credentials) in credentials.enumerated() {
            var isRight = true
            for name in configuration.certificates[index].names ?? credentials.names {
                isRight = unsafe isRight && ztls_site_add_name(place, index, name)
            }
            isRight =
                unsafe isRight
                && ztls_site_open(
                    place, index, credentials.place, credentials.staple, credentials.staple.count)
            guard isRight else {
                let complaint = unsafe ztls_take_complaint().map { unsafe String(cString: $0) }
                throw ConfigurationError(
                    field: "certificates[\(index)]", expected: "what the system's OpenSSL serves with",
                    got: complaint ?? "a refusal")
            }
        }
    }
}
#endif
