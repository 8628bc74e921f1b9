#if TLS
import COpenSSL
import ZCNet

extension SecurityError {
    /// Why a client's handshake failed.
    init(_ shake: UnsafeMutablePointer<ztls_shake>, meantFor name: String, _ complaint: String) {
        let blame = unsafe shake.pointee.blame
        if blame != 0 {
            let words = unsafe String(cString: X509_verify_cert_error_string(Int(blame)))
            let certificate = unsafe shake.pointee.blamed.map { unsafe ProvenPeer(certificate: $0) }
            self = Self.ofCertificate(blame, words, certificate, meantFor: name)
            return
        }
        let (sent, received) = unsafe (shake.pointee.sent_alert, shake.pointee.received_alert)
        if received >= 0 {
            let words = unsafe String(cString: ztls_alert_name(received))
            self.init(
                .refused, expected: "a server that agrees to what this client offers",
                got: "its alert \(received) (\(words))")
            return
        }
        let alert = sent < 0 ? "" : unsafe "; sent alert \(sent) (\(String(cString: ztls_alert_name(sent))))"
        self.init(
            .handshake, expected: "a handshake of TLS that both sides agree to (RFC 8446 4)",
            got: complaint + alert)
    }

    private static func ofCertificate(
        _ blame: Int32, _ words: String, _ certificate: ProvenPeer?, meantFor name: String
    ) -> SecurityError {
        let subject = certificate.map { " (\($0.subject.isEmpty ? "no subject" : $0.subject))" } ?? ""
        switch blame {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            let names = certificate?.names.prefix(8).map(\.text).joined(separator: ", ") ?? ""
            return SecurityError(
                .name, expected: "a certificate for \(name)",
                got: "one for \(names.isEmpty ? "nobody" : names)\(subject)")
        case X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED,
            X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
            return SecurityError(
                .validity, expected: "a certificate that is valid now", got: words + subject)
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
            X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED:
            return SecurityError(
                .untrusted, expected: "a certificate that leads to a trusted root", got: words + subject)
        case X509_V_ERR_CERT_REVOKED:
            return SecurityError(
                .revoked, expected: "a certificate that its issuer stands by", got: words + subject)
        default:
            return SecurityError(
                .certificate, expected: "a certificate that proves who the server is", got: words + subject)
        }
    }
}

extension ProvenPeer.Name {
    /// The name with what it names.
    var text: String {
        switch self {
        case .host(let name): name
        case .email(let mailbox): "email:\(mailbox)"
        case .resource(let resource): resource
        case .address(let address): "\(address)"
        }
    }
}
#endif
