import ExampleSupport
import ZCNetWebSocket

/// What load, for how long.
struct ImLoadOptions {
    /// The nodes; users come to them in turn, and to the next where one is lost.
    var urls: [String] = []
    var users = 100
    var groups = 10
    /// Messages in a second, of all users together, sent when they are due whatever has come back.
    var rate = 500.0
    var seconds = 10.0
    var payloadBytes = 32
    /// How many messages a user may have under way: at most as many as a server lets a device have.
    var window = 16
    /// How long after the end everything may take to be acknowledged and heard.
    var settleSeconds = 30.0
    /// Whether users hear what is said in their group, or only send and are told that it is stored.
    var hasReceivers = true
    /// Whether connections may be lost: what was not acknowledged is then sent again, elsewhere.
    var toleratesLosses = false
    var driver = DriverChoice.automatic
    /// What the groups are called, so that runs do not mix.
    var run = String(UInt64.random(in: 1 << 32 ... .max), radix: 36)

    private static let usage = """
        usage: im-load --url ws://HOST:PORT/im[,URL…] [--users N] [--groups N] [--rate PER_SECOND]
                       [--duration SECONDS] [--payload BYTES] [--settle SECONDS] [--losses allowed]
                       [--window MESSAGES] [--receivers all|none] [--run NAME]
                       [--driver epoll|uring|automatic]
        Users of a messenger, each in one of the groups, who say something when it is due. Measures how soon
        it is acknowledged, and heard by each member; without receivers nobody follows a group while it is
        talked in. Then everybody says the newest again, and every group's
        log is read: fails where anything acknowledged is not there exactly once, at the number that was
        acknowledged, or somebody heard something else.
        """

    init() {
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() {
            guard let value = rest.popFirst(), take(name, value) else {
                refuse(name, of: "im-load", Self.usage)
            }
        }
        if urls.isEmpty { fail("im-load: expected --url\n\(Self.usage)") }
        groups = min(groups, users)
        // A node takes 5,000 in a group, one of whom reads its log in the end.
        if (users + groups - 1) / groups >= 5000 { fail("im-load: expected at most 4999 users in a group") }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        func count(_ range: ClosedRange<Int>) -> Int? { Int(value).flatMap { range.contains($0) ? $0 : nil } }
        func amount() -> Double? { Double(value).flatMap { $0 > 0 && $0.isFinite ? $0 : nil } }
        switch name {
        case "--url": urls = value.split(separator: ",").map(String.init)
        case "--users": users = count(1...20_000) ?? 0
        case "--groups": groups = count(1...20_000) ?? 0
        case "--payload": payloadBytes = count(8...60_000) ?? 0
        case "--window": window = count(1...16) ?? 0
        case "--rate": rate = amount() ?? 0
        case "--duration": seconds = amount() ?? 0
        case "--settle": settleSeconds = amount() ?? 0
        case "--receivers":
            hasReceivers = value == "all"
            return hasReceivers || value == "none"
        case "--losses":
            toleratesLosses = true
            return value == "allowed"
        case "--run":
            run = value
            return (1...16).contains(value.utf8.count)
        case "--driver":
            guard let choice = DriverChoice(rawValue: value) else { return false }
            driver = choice
        default: return false
        }
        return users > 0 && groups > 0 && window > 0 && payloadBytes > 0
            && rate > 0 && seconds > 0 && settleSeconds > 0
    }

    /// A client's loop, and what its connections have from the kernel.
    var configuration: WebSocketClient.Configuration {
        var configuration = WebSocketClient.Configuration()
        // One loop: so the ledger needs no lock.
        configuration.tcp.group.loops = 1
        configuration.tcp.group.driver = driver
        // Messages that are due are sent with the next tick.
        configuration.tcp.group.limits.timerTick = .milliseconds(1)
        return configuration
    }
}
