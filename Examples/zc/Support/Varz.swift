public import ZCNetWebSocket

/// What a server's `/varz` page said at one moment. What a page lacks, as an older server's may, is 0.
public struct Varz: Sendable {
    /// A histogram, as far as the page has it.
    public struct Quantiles: Hashable, Sendable {
        /// How many values there were since the start.
        public let count: Int
        /// Half of the values are at most so large.
        public let p50: Int
        /// Of a hundred values one is larger.
        public let p99: Int
        /// Of a thousand values one is larger.
        public let p999: Int
    }

    /// The figures of one loop.
    public struct Loop: Sendable {
        let figures: JSONValue
        /// How many completions were handled per turn.
        public let completionsPerTurn: Quantiles
        /// How long callbacks took; nothing where they are not traced.
        public let callbackNanoseconds: Quantiles

        /// A figure by its name.
        public subscript(name: String) -> Int { figures.count(of: name) }
    }

    private let page: JSONValue
    /// Each loop, in order.
    public let loops: [Loop]

    /// Reads a page; nil where it is JSON, but none of a server's.
    public init?(_ page: JSONValue) {
        guard page["connections"]?.integer != nil else { return nil }
        self.page = page
        loops = (page["loops"]?.array ?? []).map { loop in
            Loop(
                figures: loop, completionsPerTurn: Quantiles(loop["completionsPerTurn"]),
                callbackNanoseconds: Quantiles(loop["callbackNanoseconds"]))
        }
    }

    /// A figure of all loops together, by its name.
    public subscript(name: String) -> Int { page.count(of: name) }

    /// A figure of the WebSocket servers of these loops, by its name.
    public func webSocket(_ name: String) -> Int { page["webSocket"]?.count(of: name) ?? 0 }

    /// Whether the page is one of a server that speaks WebSocket.
    public var hasWebSocket: Bool { page["webSocket"]?.object != nil }

    /// How many connections ended since the start, by cause.
    public var closesByCause: [(cause: String, count: Int)] {
        (page.object ?? [:]).compactMap { name, value in
            guard name.hasPrefix("closed"), let count = value.integer else { return nil }
            return (Self.words(name.dropFirst("closed".count)), Int(count))
        }
    }

    /// How many conversations ended since the start, by close code.
    public var closesByCode: [(code: String, count: Int)] {
        (page["webSocket"]?["closes"]?.object ?? [:]).compactMap { code, value in
            value.integer.map { (code, Int($0)) }
        }
    }

    /// `ProtocolError` as people write it.
    private static func words(_ name: Substring) -> String {
        var words = ""
        for (index, character) in name.enumerated() {
            let follows = name.dropFirst(index + 1).first
            if index > 0 && character.isUppercase && follows?.isLowercase == true { words += " " }
            words += character.lowercased()
        }
        return words
    }
}

extension Varz.Quantiles {
    init(_ value: JSONValue?) {
        self.init(
            count: value?.count(of: "count") ?? 0, p50: value?.count(of: "p50") ?? 0,
            p99: value?.count(of: "p99") ?? 0, p999: value?.count(of: "p999") ?? 0)
    }
}

extension JSONValue {
    fileprivate func count(of name: String) -> Int { Int(self[name]?.integer ?? 0) }
}
