/// What went wrong with a server of NATS, or with what it was asked: what was expected, and what came.
///
/// Its description is a line for a log, such as `payload: expected at most 1048576 bytes, got 2000000`.
public struct NATSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of error it is. More may come: a `switch` needs a `default`.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name of the kind.
        public let rawValue: String

        /// Wraps a name that came from `rawValue`.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The server broke a rule of the protocol.
        public static let protocolViolation = Code(rawValue: "protocol")
        /// The server answered `-ERR`.
        public static let server = Code(rawValue: "server")
        /// The server wants other credentials, or this account may not do this.
        public static let authorization = Code(rawValue: "authorization")
        /// No server could be reached.
        public static let unreachable = Code(rawValue: "unreachable")
        /// The client is not connected, and does not wait for it here.
        public static let away = Code(rawValue: "away")
        /// The client was closed, or is about to be.
        public static let closed = Code(rawValue: "closed")
        /// No answer in time.
        public static let timedOut = Code(rawValue: "timed out")
        /// Nobody listens to the subject of a request.
        public static let noResponders = Code(rawValue: "no responders")
        /// A subject that is none, or that has wildcards where none may be.
        public static let subject = Code(rawValue: "subject")
        /// A field of headers that is none.
        public static let header = Code(rawValue: "header")
        /// More bytes than the server takes in one message.
        public static let payload = Code(rawValue: "payload")
        /// More waits to be sent than may.
        public static let full = Code(rawValue: "full")
        /// A key, a seed or a token that is none.
        public static let credentials = Code(rawValue: "credentials")
        /// A subscription got more than it takes.
        public static let slowConsumer = Code(rawValue: "slow consumer")
        /// JetStream refused; ``NATSError/apiCode`` says why.
        public static let jetStream = Code(rawValue: "jetstream")
        /// An answer that is not what its request asks for.
        public static let answer = Code(rawValue: "answer")
        /// Messages of a consumer are missing.
        public static let gap = Code(rawValue: "gap")
    }

    /// What kind of error it is.
    public let code: Code
    /// What would have been right.
    public let expected: String
    /// What came in its place.
    public let got: String
    /// The number by which JetStream names the error, such as 10071 for a wrong last sequence; 0 elsewhere.
    public let apiCode: Int

    /// Describes an error of a kind.
    public init(_ code: Code, expected: String, got: String, apiCode: Int = 0) {
        self.code = code
        self.expected = expected
        self.got = got
        self.apiCode = apiCode
    }

    /// The kind, what was expected and what came.
    public var description: String {
        "\(code.rawValue): expected \(expected), got \(got)" + (apiCode == 0 ? "" : " (\(apiCode))")
    }

    /// Whether the same is worth trying again later.
    public var isTemporary: Bool {
        [.unreachable, .away, .timedOut, .noResponders, .full].contains(code)
    }
}
