import Glibc
import ZCNet

#if TLS
import ZCNetTLS
#endif

/// What the examples take on their command line: `--port P --loops N --driver epoll|uring|automatic`, and how
/// many connections they serve.
public struct ExampleOptions {
    /// The port to listen on; 0 lets the kernel choose.
    public var port: UInt16
    /// How many loops serve.
    public var loops: Int?
    /// Which driver moves the bytes.
    public var driver = DriverChoice.automatic

    /// The most connections at a time; nil leaves it to the library's default.
    public var connectionsMax: Int?

    /// Whether messages may be compressed; for WebSocket examples.
    public var deflate = false
    /// Whether compression contexts are kept from one message to the next.
    public var takesOver = false
    /// The longest message; for WebSocket examples.
    public var messageBytesMax = 16 << 20
    /// After how long a silence a peer is asked, and given up; for the echo server.
    public var pings: (interval: Duration, patience: Duration)?

    /// By which of its faces a server is to answer; for the echo of tasks.
    public var face = ""

    /// What each loop's connections may hold; nil leaves the default.
    public var memoryBytesMax: Int?

    /// The file of a certificate chain, where connections are to be secured.
    public var tlsCertificate: String?
    /// The file of the certificate's key.
    public var tlsKey: String?
    /// The file of the roots that clients' certificates have to lead to, where clients have to have one.
    public var tlsClientRoots: String?
    /// Whether TLS 1.2 is spoken beside TLS 1.3.
    public var allowsTLS12 = true

    /// Reads the command line; prints how it goes and exits where it does not understand.
    public init(defaultPort: UInt16) {
        port = defaultPort
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() {
            if name == "--deflate" {
                // `--deflate` alone switches it on.
                deflate = rest.first != "off"
                takesOver = rest.first == "takeover"
                if ["on", "off", "takeover"].contains(rest.first) { rest.removeFirst() }
                continue
            }
            guard let value = rest.popFirst(), take(name, value) else {
                Self.explain(name)
            }
        }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--port":
            guard let number = UInt16(value) else { return false }
            port = number
        case "--loops":
            guard let number = Int(value) else { return false }
            loops = number
        case "--connections-max":
            guard let number = Int(value), number > 0 else { return false }
            connectionsMax = number
        case "--max-message":
            guard let number = Int(value) else { return false }
            messageBytesMax = number
        case "--pings":
            let times = value.split(separator: ":").compactMap { Int($0) }
            guard times.count == 2 else { return false }
            pings = (.milliseconds(times[0]), .milliseconds(times[1]))
        case "--loop-memory":
            guard let number = Int(value) else { return false }
            memoryBytesMax = number
        case "--face": face = value
        case "--tls-cert": tlsCertificate = value
        case "--tls-key": tlsKey = value
        case "--tls-client-ca": tlsClientRoots = value
        case "--tls-versions":
            guard ["modern", "intermediate"].contains(value) else { return false }
            allowsTLS12 = value == "intermediate"
        case "--driver":
            guard let choice = DriverChoice(rawValue: value) else { return false }
            driver = choice
        default: return false
        }
        return true
    }

    private static func explain(_ name: String) -> Never {
        let program = CommandLine.arguments.first ?? "example"
        let usage = """
            usage: \(program) [--port P] [--loops N] [--driver epoll|uring|automatic] \
            [--connections-max N] [--deflate on|off|takeover] [--max-message BYTES] [--loop-memory BYTES] \
            [--pings INTERVAL:PATIENCE, in milliseconds] [--face for-each|receive|next|messages] \
            [--tls-cert FILE --tls-key FILE [--tls-client-ca FILE] [--tls-versions modern|intermediate]]
            """
        refuse(name, of: program, usage)
    }

    /// A server's configuration with these options in it.
    public var configuration: TCPServer.Configuration {
        var configuration = TCPServer.Configuration()
        configuration.group.loops = loops
        configuration.group.driver = driver
        if let connectionsMax { configuration.connectionsMax = connectionsMax }
        configuration.group.observer = LoopWatch.shared
        if let memoryBytesMax { configuration.group.limits.memoryBytesMax = memoryBytesMax }
        configuration.security = security
        return configuration
    }

    /// Nil without `--tls-cert` and `--tls-key`.
    private var security: ConnectionSecurity? {
        if tlsCertificate == nil && tlsKey == nil && tlsClientRoots == nil { return nil }
        guard let tlsCertificate, let tlsKey else { fail("--tls-cert and --tls-key come together") }
        #if TLS
        var configuration = TLSServerConfiguration(
            certificateChain: .file(tlsCertificate), privateKey: .file(tlsKey))
        configuration.applicationProtocols = ["http/1.1"]
        configuration.versions = allowsTLS12 ? .intermediate : .modern
        if let tlsClientRoots { configuration.clientAuthentication = .required(.file(tlsClientRoots)) }
        do {
            return try .tls(configuration)
        } catch {
            fail("\(error)")
        }
        #else
        fail("--tls-cert \(tlsCertificate) --tls-key \(tlsKey): build with `--traits TLS,Deflate` for TLS")
        #endif
    }
}

/// Prints why the program cannot go on, and ends it.
public func fail(_ message: String) -> Never {
    say(message, to: STDERR_FILENO)
    exit(2)
}

/// Ends the program at an argument that it cannot use, with its usage: status 2, and 0 for `--help`.
public func refuse(_ argument: String, of program: String, _ usage: String) -> Never {
    if argument != "--help" && argument != "-h" { fail("\(program): cannot use \(argument)\n\(usage)") }
    say(usage)
    exit(0)
}

/// Prints a line at once: whoever started the example may wait for it on a pipe.
public func say(_ line: String, to descriptor: Int32 = STDOUT_FILENO) {
    let bytes = Array((line + "\n").utf8)
    _ = write(descriptor, bytes, bytes.count)
}
