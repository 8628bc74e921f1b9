/// What happened in a cluster: who was told what, what the log has in the end, and what listeners had.
package struct ClusterHistory: Sendable {
    /// A message by its publisher and that one's count: what makes it the only one of its kind.
    package struct Message: Hashable, Sendable, CustomStringConvertible {
        package let publisher: Int
        package let number: Int

        package init(publisher: Int, number: Int) {
            self.publisher = publisher
            self.number = number
        }

        package var description: String { "\(publisher)/\(number)" }
    }

    /// A message at a number of its channel.
    package struct Numbered: Hashable, Sendable {
        package let sequence: UInt64
        package let message: Message

        package init(_ sequence: UInt64, _ message: Message) {
            self.sequence = sequence
            self.message = message
        }
    }

    /// What one listener was given, in order, from a number on.
    package struct View: Sendable {
        package let name: String
        package let start: UInt64
        package var messages: [Numbered] = []
        /// Whether the listener had the time to get everything.
        package var isComplete = false

        package init(name: String, start: UInt64) {
            self.name = name
            self.start = start
        }
    }

    package var sent: Set<Message> = []
    package var acknowledged: [Numbered] = []
    package var log: [Numbered] = []
    package var views: [View] = []

    package init() {}

    /// Every promise that the history of a channel breaks, each in words. A pure function.
    package func violations() -> [String] {
        logViolations() + acknowledgementViolations() + views.flatMap { viewViolations($0) }
    }

    private func logViolations() -> [String] {
        var found: [String] = []
        for (index, entry) in log.enumerated() where entry.sequence != UInt64(index + 1) {
            found.append("the log has number \(entry.sequence) where \(index + 1) is expected")
            break
        }
        var places: [Message: UInt64] = [:]
        var last: [Int: Int] = [:]
        for entry in log {
            let message = entry.message
            if !sent.contains(message) { found.append("\(message) is in the log, and nobody has sent it") }
            if let first = places.updateValue(entry.sequence, forKey: message) {
                found.append("\(message) is in the log as \(first) and as \(entry.sequence)")
            } else if let before = last[message.publisher], before > message.number {
                found.append("\(message) stands behind \(message.publisher)/\(before)")
            }
            last[message.publisher] = max(last[message.publisher] ?? 0, message.number)
        }
        return found
    }

    private func acknowledgementViolations() -> [String] {
        let bySequence = Dictionary(log.map { ($0.sequence, $0.message) }) { first, _ in first }
        return acknowledged.compactMap { entry in
            if bySequence[entry.sequence] == entry.message { return nil }
            let there = bySequence[entry.sequence].map { "\($0)" } ?? "nothing"
            return "\(entry.message) was acknowledged as \(entry.sequence), where the log has \(there)"
        }
    }

    private func viewViolations(_ view: View) -> [String] {
        let bySequence = Dictionary(log.map { ($0.sequence, $0.message) }) { first, _ in first }
        var next = view.start
        for entry in view.messages {
            guard entry.sequence == next else {
                return ["\(view.name) was given \(entry.sequence) where \(next) comes next"]
            }
            guard bySequence[entry.sequence] == entry.message else {
                let there = bySequence[entry.sequence].map { "\($0)" } ?? "nothing"
                return [
                    "\(view.name) was given \(entry.message) as \(entry.sequence), where the log has \(there)"
                ]
            }
            next += 1
        }
        let end = UInt64(log.count) + 1
        if view.isComplete && next < end { return ["\(view.name) has nothing from \(next) on of \(end - 1)"] }
        return []
    }
}
