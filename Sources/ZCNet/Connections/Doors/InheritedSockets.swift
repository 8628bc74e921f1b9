import ZCLibC

/// Listening sockets that the process was given by whoever started it, as systemd's socket activation does.
///
/// ```swift
/// let given = try InheritedSockets { name in getenv(name).map { String(cString: $0) } }
/// let server = try WebSocketServer(on: given.first ?? "0.0.0.0:9000") { Echo() }
/// ```
/// Whoever gave a socket keeps it open, so that connections wait in its backlog while the program is started
/// again: none is refused. A server takes such a socket by the address `fd:NUMBER`, which is what this type
/// makes of the environment. The library asks no environment by itself, so the closure does.
///
/// **Threads.** A value; any. **Cost.** Three lookups, when it is made.
public struct InheritedSockets: Hashable, Sendable {
    /// An address for each socket that was given, in order: `fd:3`, `fd:4`, … None where the process was
    /// started without.
    public let addresses: [String]
    /// What whoever gave them calls them (`FileDescriptorName=` of a systemd socket), in the same order.
    public let names: [String]

    /// The number of the first descriptor, by the protocol.
    static let firstNumber: Int32 = 3
    /// Far more than anybody has, and few enough to count.
    static let countMax = 1024

    /// Reads `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES`. Variables that are for another process, such as
    /// the one that started this one, are passed over.
    ///
    /// - Parameter environment: the value of a variable; nil where it is not set.
    /// - Throws: a ``ConfigurationError`` that names the variable, where one of them says what it cannot.
    public init(environment: (String) -> String?) throws(ConfigurationError) {
        let count = try Self.count(environment)
        addresses = (0..<count).map { "fd:\(Self.firstNumber + Int32($0))" }
        guard count > 0, let text = environment("LISTEN_FDNAMES") else {
            names = addresses.map { _ in "" }
            return
        }
        names = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard names.count == count else {
            throw ConfigurationError(
                field: "LISTEN_FDNAMES", expected: "\(count) names with colons between them",
                got: "\"\(text)\"")
        }
    }

    /// How many sockets were given to this very process.
    private static func count(_ environment: (String) -> String?) throws(ConfigurationError) -> Int {
        guard let process = environment("LISTEN_PID"), let text = environment("LISTEN_FDS") else { return 0 }
        guard let number = pid_t(process), number > 0 else {
            throw ConfigurationError(
                field: "LISTEN_PID", expected: "the number of a process", got: "\"\(process)\"")
        }
        guard number == getpid() else { return 0 }
        guard let count = Int(text), (0...countMax).contains(count) else {
            throw ConfigurationError(field: "LISTEN_FDS", expected: "0...\(countMax)", got: "\"\(text)\"")
        }
        return count
    }

    /// The address of the first socket; nil where none was given.
    public var first: String? { addresses.first }

    /// The address of the first socket of a name; nil where none has it.
    public func address(named name: String) -> String? {
        names.firstIndex(of: name).map { addresses[$0] }
    }
}

/// Where a server is told to listen: at an address, or on a socket that the process was given.
enum ListenTarget {
    /// An address to bind.
    case address(SocketAddress)
    /// A socket that listens already.
    case inherited(Descriptor)

    /// Parses what `SocketAddress` parses, and `fd:NUMBER`.
    init(parsing text: String) throws(AddressError) {
        guard text.hasPrefix("fd:") else {
            self = .address(try SocketAddress(parsing: text))
            return
        }
        guard let number = IPAddress.decimal(text.dropFirst(3), max: 99_999),
            number >= InheritedSockets.firstNumber
        else {
            throw AddressError(
                text: text, expected: "a descriptor of \(InheritedSockets.firstNumber)...99999 after fd:",
                got: "\"\(text.dropFirst(3))\"")
        }
        self = .inherited(Descriptor(rawValue: Int32(number)))
    }

    /// How connections come to loops where nobody has said it: a port is shared by the kernel; other sockets
    /// there are only one of.
    var usualStrategy: AcceptStrategy {
        if case .address(let address) = self, address.ipAddress != nil { .perLoop } else { .roundRobin }
    }
}
