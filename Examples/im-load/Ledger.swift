/// What was said, acknowledged and heard in one group, and what of that does not fit together.
///
/// A message is known by its key: the user, and that user's count. Whoever hears the group hears its log; so
/// the first to hear a number says what stands there, and everybody else has to hear the same.
struct Ledger {
    typealias Key = UInt64

    /// What stands at each number, from 1 on; 0 where nobody has heard it yet.
    private var log: [Key] = []
    /// Where each message stands.
    private var places: [Key: UInt64] = [:]
    /// The numbers that senders were told.
    private var acknowledged: [Key: UInt64] = [:]
    /// What does not fit, for people.
    private(set) var faults: [String] = []

    static func key(user: Int, number: UInt64) -> Key { UInt64(user + 1) << 40 | number }

    /// How far the log is known to go: the number that comes next.
    var end: UInt64 { max(UInt64(log.count), acknowledged.values.max() ?? 0) + 1 }
    var acknowledgedCount: Int { acknowledged.count }
    var storedCount: Int { places.count }

    private mutating func fault(_ text: String) {
        // The first ones say it; a log that is another one would have thousands.
        if faults.count < 100 { faults.append(text) }
    }

    /// A sender was told a number.
    mutating func acknowledges(_ key: Key, at sequence: UInt64) {
        if let before = acknowledged[key], before != sequence {
            fault("\(Self.name(key)) was acknowledged at \(before), and at \(sequence)")
        }
        acknowledged[key] = sequence
    }

    /// Somebody has heard a message at a number.
    mutating func hears(_ key: Key, at sequence: UInt64) {
        guard sequence > 0 else { return fault("a message without a number") }
        let index = Int(sequence - 1)
        while log.count <= index { log.append(0) }
        if log[index] == 0 {
            log[index] = key
            if let before = places[key] {
                fault("doubled: \(Self.name(key)) stands at \(before) and at \(sequence)")
            }
            places[key] = sequence
        } else if log[index] != key {
            fault("two logs: \(sequence) is \(Self.name(log[index])) to one, \(Self.name(key)) to another")
        }
    }

    /// A member was given a number that does not follow what it had.
    mutating func skips(_ user: String, expected: UInt64, got: UInt64) {
        fault("a gap: \(user) was told \(got) behind \(expected - 1)")
    }

    /// Once everything is heard: whether all that was acknowledged is there, once, and in its senders' order.
    mutating func close() {
        for (key, sequence) in acknowledged.sorted(by: { $0.value < $1.value }) {
            guard let place = places[key] else {
                fault("lost: \(Self.name(key)) was acknowledged at \(sequence), and is not in the log")
                continue
            }
            if place != sequence {
                fault("moved: \(Self.name(key)) was acknowledged at \(sequence), and stands at \(place)")
            }
        }
        var newest: [UInt64: UInt64] = [:]
        for (index, key) in log.enumerated() {
            if key == 0 {
                fault("a hole: nobody has heard \(index + 1)")
                continue
            }
            let (user, number) = (key >> 40, key & (1 << 40 - 1))
            if let before = newest[user], before >= number {
                fault("out of order: \(Self.name(key)) stands at \(index + 1), behind its \(before)")
            }
            newest[user] = number
        }
    }

    private static func name(_ key: Key) -> String {
        "message \(key & (1 << 40 - 1)) of user \((key >> 40) &- 1)"
    }
}
