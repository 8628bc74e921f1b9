public import ZCNATS
public import ZCNet

/// The engine over servers of NATS: messages by subjects, leases in a bucket of keys, the log in a stream.
///
/// ```swift
/// var options = NATSEngineOptions()
/// options.replicas = 3
/// let engine = try NATSEngine(nats, options)
/// try engine.start()
/// try await engine.connect()
/// let node = try ClusterNode(engine, ClusterOptions(name: "node-a"))
/// ```
/// **What an acknowledgement means** is the stream's matter; see `Docs/Cluster.md`.
///
/// **Threads.** `start`, `connect`, `perform` and `shutdown` from any; everything else on the client's loop.
public final class NATSEngine: ClusterEngine {
    struct State: ~Copyable {
        var subscriptions: [Int: NATSSubscription] = [:]
        var lastListening = 0
        /// Which keeps this, and not the other way round.
        weak var client: NATSClient?
        var gapWatchers: [@Sendable () -> Void] = []
        var watch: OrderedConsumer?
        var bytesMax = 1 << 20
        var refereesAppends = false
        /// Whether servers answer a request with several messages.
        var readsBatches = false
        var hasJetStream = false
        var logSubjects = SubjectsOfLate()
        var liveSubjects = SubjectsOfLate()
    }

    /// Subjects of the channels of late, as one is looked for with every record, and with what is told of it.
    struct SubjectsOfLate {
        private var known: [ChannelName: NATSSubject] = [:]
        /// Why 4,096: the channels that a node leads and that are busy.
        private static let countMax = 4096

        mutating func subject(
            of channel: ChannelName, _ text: (ChannelName) -> String
        ) throws(NATSError) -> NATSSubject {
            if let subject = known[channel] { return subject }
            let subject = try NATSSubject(text(channel))
            if known.count >= Self.countMax { known = [:] }
            known[channel] = subject
            return subject
        }
    }

    /// The client, which the engine has for itself.
    public let client: NATSClient
    let options: NATSEngineOptions
    let jetStream: JetStream
    /// The loop's own: nobody else looks.
    let state: OwnedCell<State>
    private let host: LoopBound<LoopReference<ConnectionHost>>

    /// Builds an engine; nothing is connected before ``connect()``.
    ///
    /// - Parameters:
    ///   - nats: where the servers are, and who the client is.
    ///   - group: loops to share with servers, not yet started; nil makes one of its own.
    ///   - onEvent: what happens to the client.
    public init(
        _ nats: NATSOptions, _ options: NATSEngineOptions = NATSEngineOptions(),
        group: EventLoopGroup? = nil, onLoop loop: Int = 0,
        onEvent: @escaping @Sendable (NATSEvent) -> Void = { _ in }
    ) throws {
        try options.validate()
        let state = OwnedCell(State())
        self.options = options
        self.state = state
        client = try NATSClient(nats, group: group, onLoop: loop) { event in
            if case .connected(let info) = event { Self.connected(info, options, state) }
            onEvent(event)
        }
        state[].client = client
        jetStream = JetStream(client, timeout: options.timeout)
        host = LoopBound(LoopReference(client.group.hosts[group == nil ? 0 : loop]))
    }

    private static func connected(
        _ info: NATSServerInfo, _ options: NATSEngineOptions, _ state: OwnedCell<State>
    ) {
        // The server counts headers too.
        state[].bytesMax = max(info.payloadBytesMax - 1024, 1024)
        // Earlier ones may take two that follow the same record in a replicated stream, where one of them is
        // under way (nats-server issue 4320).
        state[].refereesAppends = options.replicas == 1 || info.isAtLeast(2, 12)
        state[].readsBatches = info.isAtLeast(2, 11)
        state[].hasJetStream = info.hasJetStream
        // Once the server has all subscriptions; a connection that is lost before is made good by the next.
        state[].client?.flush { error in
            guard error == nil else { return }
            for tell in state[].gapWatchers { tell() }
        }
    }

    /// Begins to serve; returns at once. Not for a group that others start.
    public func start() throws(SystemError) { try client.start() }

    /// Connects, and makes the stream and the bucket; those that are there with the same settings are as
    /// good. Servers that do not listen yet, or have just met and have no leader among them, are asked again
    /// for as long as the options say.
    ///
    /// - Throws: ``ClusterError``: `engine` where JetStream is off, or they are there with other settings;
    ///   `unavailable` where the servers could not be reached in all that time.
    public func connect() async throws(ClusterError) {
        let end = ContinuousClock.now + options.setUpPatience
        while true {
            do throws(NATSError) {
                return try await setUp()
            } catch {
                let mayPass = await mayPass(error)
                guard mayPass && ContinuousClock.now < end && !Task.isCancelled else {
                    throw Self.setUp(error, options)
                }
            }
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    private func setUp() async throws(NATSError) {
        try await client.connect()
        try await jetStream.create(try options.log)
        _ = try await jetStream.makeBucket(options.leases)
    }

    /// Whether servers may think better of it: not those without JetStream.
    private func mayPass(_ error: NATSError) async -> Bool {
        switch error.code {
        case .unreachable, .timedOut, .away: return true
        // No leader of JetStream, too few servers that are known, or none that leads the stream yet.
        case .jetStream: return [10004, 10005, 10007, 10008, 10009].contains(error.apiCode)
        case .noResponders:
            return await awaitedAnswer { answer in
                let isPosted = perform { [self] in answer.give(state[].hasJetStream) }
                if !isPosted { answer.give(false) }
            }
        default: return false
        }
    }

    private static func setUp(_ error: NATSError, _ options: NATSEngineOptions) -> ClusterError {
        switch error.code {
        case .noResponders:
            ClusterError(.engine, expected: "servers with JetStream", got: "none that answers for it")
        case .jetStream where error.apiCode == 10058:
            ClusterError(
                .engine,
                expected: "\(options.logName) and \(options.leaseName) with the settings of this node",
                got: "one with others (10058)")
        case .jetStream: ClusterError(.engine, expected: "consent", got: "\(error)")
        case .unreachable, .timedOut, .away: ClusterError(.unavailable, expected: "servers", got: "\(error)")
        default: ClusterError(.engine, expected: error.expected, got: error.got)
        }
    }

    /// Closes the client, and ends its loops within `grace` where they are its own.
    public func shutdown(grace: Duration = .seconds(10)) { client.shutdown(grace: grace) }

    // MARK: Time

    /// The time when the loop's turn began.
    public var now: MonotonicInstant { client.loop.now }
    /// Whether the servers compare an append with all before it, those under way included.
    public var refereesAppends: Bool { state[].refereesAppends }
    /// What the server takes in one message, without headers.
    public var bytesMax: Int { state[].bytesMax }

    /// Has work done on the loop. Any thread.
    @discardableResult
    public func perform(_ work: @escaping @Sendable () -> Void) -> Bool {
        client.loop.post(isControl: true) { _ in work() } != .stopped
    }

    /// Has work done after a while.
    public func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        host.value.with { $0.perform(after: delay, work) }
    }

    // MARK: Messages

    private func subject(_ topic: ClusterTopic) -> NATSSubject? {
        switch topic {
        case .node(let name): try? NATSSubject("\(options.prefix).node.\(name)")
        case .channel(let channel):
            try? state[].liveSubjects.subject(of: channel) { "\(options.prefix).live.\($0.word)" }
        case .passing(let channel): try? NATSSubject("\(options.prefix).pass.\(channel.word)")
        }
    }

    /// Sends a message to whoever listens to a topic now.
    @discardableResult
    public func publish(_ bytes: SharedBytes, to topic: ClusterTopic) -> Bool {
        guard let subject = subject(topic) else { return false }
        return client.withConnection { $0.publish(subject, bytes.bytes).isAccepted }
    }

    /// Listens to a topic.
    public func subscribe(
        _ topic: ClusterTopic, _ handler: @escaping @Sendable (SharedBytes) -> Void
    ) -> TopicListening {
        state[].lastListening += 1
        let listening = TopicListening(number: state[].lastListening)
        guard let subject = subject(topic) else { return listening }
        let state = state
        state[].subscriptions[listening.number] = client.subscribe(NATSPattern(subject)) { message, _ in
            guard state[].subscriptions[listening.number] != nil else { return }
            handler(message.payload.copy())
        }
        return listening
    }

    /// Ends listening; nothing comes after it returns.
    public func unsubscribe(_ listening: TopicListening) {
        state[].subscriptions.removeValue(forKey: listening.number)?.end()
    }

    /// Has somebody told whenever the client has connected anew.
    public func watchGaps(_ tell: @escaping @Sendable () -> Void) { state[].gapWatchers.append(tell) }
}

/// How a cluster's stream and bucket are made. The same on every node.
public struct NATSEngineOptions: Hashable, Sendable {
    /// What the subjects and names begin with: two clusters on the same servers have different ones.
    public var prefix = "zcnet"
    /// How many servers have a copy. One is for tests and single servers; three survive the loss of one.
    public var replicas = 1
    /// Whether everything is kept in memory until the servers end.
    public var isInMemory = false
    /// The most bytes of the log; what does not fit is refused. Nil leaves it to the servers.
    public var logBytesMax: Int?
    /// How long servers remember the ids of records. Each costs memory, and nothing depends on it.
    public var duplicateWindow = Duration.seconds(30)
    /// How long the servers' answer may take before it is asked again.
    public var timeout = Duration.seconds(2)
    /// How long servers that do not listen yet, or have no leader, are asked again at the beginning; zero
    /// asks once. Why 30 seconds: three that start together take ten, and more on a busy machine.
    public var setUpPatience = Duration.seconds(30)

    /// Options with the defaults of each setting.
    public init() {}

    var logName: String { "\(prefix)-log" }
    var leaseName: String { "\(prefix)-leases" }

    /// The stream of the log.
    fileprivate var log: StreamConfiguration {
        get throws(NATSError) {
            var log = StreamConfiguration(logName, subjects: [try NATSPattern("\(prefix).log.*.*")])
            log.replicas = replicas
            log.isInMemory = isInMemory
            log.bytesMax = logBytesMax
            // The newest is refused rather than the oldest thrown away.
            log.discard = .new
            log.deniesDelete = true
            log.duplicateWindow = duplicateWindow
            return log
        }
    }

    /// The bucket of leases.
    fileprivate var leases: KeyValueConfiguration {
        var leases = KeyValueConfiguration(leaseName)
        leases.replicas = replicas
        leases.isInMemory = isInMemory
        return leases
    }

    /// Checks every setting against its limits.
    public func validate() throws {
        _ = try NodeName.checked(prefix)
        try ConfigurationError.check("replicas", replicas, in: 1...5)
        try ConfigurationError.check("logBytesMax", logBytesMax, in: 1 << 16...1 << 50)
        try ConfigurationError.check(
            "duplicateWindow", duplicateWindow, in: .milliseconds(100)...Duration.seconds(3600))
        try ConfigurationError.check("timeout", timeout, in: .milliseconds(10)...Duration.seconds(300))
        try ConfigurationError.check("setUpPatience", setUpPatience, in: .zero...Duration.seconds(3600))
    }
}
