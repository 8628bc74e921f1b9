import ZCNet

#if TLS
import ZCNetTLS
#endif

/// How an example's client speaks TLS, by its command line.
public struct ClientTLSOptions: Sendable {
    /// Whether any of them was given.
    public private(set) var isWanted = false
    private var isInsecure = false
    private var isModern = false
    private var roots: String?
    private var serverName: String?
    private var certificate: String?
    private var key: String?
    private var applicationProtocol: String?

    /// For a program's usage.
    public static let usage =
        "--tls] [--tls-ca FILE] [--insecure] [--tls-1.3] [--server-name NAME] [--alpn NAME]"
        + " [--tls-cert FILE --tls-key FILE"

    /// Nothing was given.
    public init() {}

    /// Whether an option that has no value is one of these.
    public mutating func takeSwitch(_ name: String) -> Bool {
        switch name {
        case "--tls": break
        case "--insecure": isInsecure = true
        case "--tls-1.3": isModern = true
        default: return false
        }
        isWanted = true
        return true
    }

    /// Whether an option that has a value is one of these.
    public mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--tls-ca": roots = value
        case "--server-name": serverName = value
        case "--tls-cert": certificate = value
        case "--tls-key": key = value
        case "--alpn": applicationProtocol = value
        default: return false
        }
        isWanted = true
        return true
    }

    /// What they come to; ends the program where they cannot be used.
    public var security: ClientSecurity {
        #if TLS
        var configuration = TLSClientConfiguration()
        if let roots { configuration.trust = .roots(.file(roots)) }
        if isInsecure { configuration.trust = .anybodyInsecurely }
        if isModern { configuration.versions = .modern }
        configuration.serverName = serverName
        configuration.applicationProtocols = applicationProtocol.map { [$0] } ?? []
        if let certificate, let key {
            configuration.certificate = TLSCertificate(chain: .file(certificate), key: .file(key))
        } else if certificate != nil || key != nil {
            fail("--tls-cert and --tls-key come together")
        }
        do {
            return try .tls(configuration)
        } catch {
            fail("\(error)")
        }
        #else
        fail("build with `--traits TLS,Deflate` for TLS")
        #endif
    }
}
