import ZCNet

/// What a server says of itself: `INFO`, first of all and again when something changes.
public struct NATSServerInfo: Hashable, Sendable {
    /// The server's own id.
    public internal(set) var serverID = ""
    /// Its name, as its servers know it.
    public internal(set) var serverName = ""
    /// Its version, such as `2.9.10`.
    public internal(set) var version = ""
    /// The largest message that it takes, headers included.
    public internal(set) var payloadBytesMax = 1 << 20
    /// Whether it knows headers.
    public internal(set) var knowsHeaders = false
    /// Whether it wants credentials.
    public internal(set) var requiresAuthentication = false
    /// Whether it goes on only over TLS.
    public internal(set) var requiresTLS = false
    /// Whether it would go on over TLS.
    public internal(set) var offersTLS = false
    /// Whether it has JetStream.
    public internal(set) var hasJetStream = false
    /// Whether it is about to go, and sends its clients away one by one.
    public internal(set) var isLameDuck = false
    /// Other servers of its cluster, as `HOST:PORT`.
    public internal(set) var connectURLs: [String] = []
    /// What has to be signed by a client that has a key.
    var nonce = ""

    /// Whether its version is this one or a later one; false where it says none that can be read.
    public func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
        let parts = version.split(whereSeparator: { $0 == "." || $0 == "-" }).prefix(2).map { Int($0) ?? -1 }
        guard parts.count == 2 else { return false }
        return parts[0] > major || parts[0] == major && parts[1] >= minor
    }

    /// The most servers of a cluster that are remembered.
    static let serversMax = 1024

    init() {}

    /// Reads what stands behind `INFO`. Fields that are not known are passed over.
    package init(parsing bytes: RawSpan) throws(NATSError) {
        do throws(JSONError) {
            self = try Self.read(bytes)
        } catch {
            throw NATSError(.protocolViolation, expected: "INFO as " + error.expected, got: error.got)
        }
    }

    private static func read(_ bytes: RawSpan) throws(JSONError) -> NATSServerInfo {
        var reader = JSONReader(bytes)
        var info = NATSServerInfo()
        try reader.object { (reader, name) throws(JSONError) in
            if reader.takeNull() { return }
            switch name {
            case "server_id": info.serverID = try reader.string()
            case "server_name": info.serverName = try reader.string()
            case "version": info.version = try reader.string()
            case "max_payload": info.payloadBytesMax = Int(try reader.integer())
            case "headers": info.knowsHeaders = try reader.boolean()
            case "auth_required": info.requiresAuthentication = try reader.boolean()
            case "tls_required": info.requiresTLS = try reader.boolean()
            case "tls_available": info.offersTLS = try reader.boolean()
            case "jetstream": info.hasJetStream = try reader.boolean()
            case "ldm": info.isLameDuck = try reader.boolean()
            case "nonce": info.nonce = try reader.string()
            case "connect_urls":
                var urls: [String] = []
                try reader.array { (reader) throws(JSONError) in
                    let url = try reader.string()
                    if urls.count < serversMax { urls.append(url) }
                }
                info.connectURLs = urls
            default: try reader.skip()
            }
        }
        try reader.end()
        guard info.payloadBytesMax > 0 else {
            throw JSONError(expected: "a max_payload above 0", got: "\(info.payloadBytesMax)")
        }
        return info
    }
}
