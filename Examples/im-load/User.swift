import ZCNetWebSocket

/// One user, over all of its connections.
struct User {
    /// A message that is not acknowledged yet.
    struct UnderWay {
        let number: UInt64
        /// When it was due; its time runs from then.
        let due: Int64
    }

    let name: String
    /// Its group, by its place.
    let group: Int
    let channel: String
    /// Whether it only reads the log, at the end.
    let isReader: Bool

    /// The position behind what it has heard.
    var next: UInt64 = 1
    var epoch: UInt64 = 0
    /// Where it was told that it has heard everything, last.
    var caughtUp: UInt64?
    var lastNumber: UInt64 = 0
    /// The newest message that was acknowledged.
    var newest: UInt64 = 0
    var underWay: [UnderWay] = []
    /// When the next message is due.
    var due: Int64 = 0
    /// Its connection; nil while it has none.
    var remote: RemoteWebSocket?
    /// Whether its connection hears the group, so that it may speak.
    var isLive = false
    /// How often it came back.
    var attempts = 0

    init(name: String, group: Int, channel: String, isReader: Bool = false) {
        self.name = name
        self.group = group
        self.channel = channel
        self.isReader = isReader
    }
}
