#if TLS
/// Whom certificates have to lead to.
public enum TLSTrust: Sendable, Hashable {
    /// The roots of the system that this OpenSSL was built for.
    case system
    /// These roots and no others.
    case roots(PEMSource)
    /// Nobody is asked for anything: whoever stands between both sides can read and change everything. For
    /// tests.
    case anybodyInsecurely
}
#endif
