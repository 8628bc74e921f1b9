import ZCNet

/// What the library keeps for every goim connection, beside the connection's slot: plain fields, and a
/// reference to what only an authenticated one has.
@frozen
@usableFromInline
package struct GoimSession {
    @usableFromInline package var flags: Flags
    /// Where the connection stands among the members of its loop, and of its room there; -1 is nowhere.
    @usableFromInline package var memberPlace: Int32 = -1
    @usableFromInline package var roomPlace: Int32 = -1
    /// When it was last heard of: opened, authenticated, or a heartbeat.
    @usableFromInline package var heardAt = MonotonicInstant.zero
    /// The handshake's limit, then the heartbeat's.
    @usableFromInline package var timer = TimerID.none
    /// Identity, room, subscriptions; made when somebody authenticates.
    @usableFromInline package var handle: GoimHandle?

    @usableFromInline
    package init(_ flags: Flags) { self.flags = flags }

    /// What is true of the connection.
    @frozen
    @usableFromInline
    package struct Flags: OptionSet, Sendable {
        @usableFromInline package let rawValue: UInt16
        @inlinable
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// The peer has authenticated.
        @inlinable package static var open: Flags { Flags(rawValue: 1) }
        /// The application has not decided yet; nothing is read meanwhile.
        @inlinable package static var deciding: Flags { Flags(rawValue: 1 << 1) }
        /// On its way out: what still comes is dropped.
        @inlinable package static var over: Flags { Flags(rawValue: 1 << 2) }
        /// The proto at hand was answered, or shall not be.
        @inlinable package static var replied: Flags { Flags(rawValue: 1 << 3) }
        /// The connection is one over WebSocket.
        @inlinable package static var webSocket: Flags { Flags(rawValue: 1 << 4) }
        /// This side is the client.
        @inlinable package static var client: Flags { Flags(rawValue: 1 << 5) }
        /// Speaks the extended header.
        @inlinable package static var extended: Flags { Flags(rawValue: 1 << 6) }
        /// Which header it speaks is known.
        @inlinable package static var formatKnown: Flags { Flags(rawValue: 1 << 7) }
        /// Messages go to a consumer's ring.
        @inlinable package static var ringed: Flags { Flags(rawValue: 1 << 8) }
    }
}

/// What the library and the application keep for one connection, side by side.
@frozen
@usableFromInline
package struct GoimState<User> {
    @usableFromInline package var session: GoimSession
    @usableFromInline package var user: User

    @inlinable
    package init(session: GoimSession, user: User) {
        self.session = session
        self.user = user
    }
}

/// The operations that may be pushed to one connection, each once and in order: looked up for every push to a
/// key or to all, and changed by its clients' requests.
///
/// **Complexity.** O(log n) to look up. A number that comes is searched for and put into its place, which
/// moves the larger ones up as one block: never more than 4 bytes for each of the `acceptsMax` that there may
/// be. So a request costs what it has numbers, whatever was subscribed to before; one that repeats what is
/// known moves nothing.
struct GoimSubscriptions: Equatable {
    private(set) var operations: [Int32] = []

    init() {}

    /// The given ones, in any order, and more than once if they like.
    init(_ operations: [Int32]) { self.operations = Set(operations).sorted() }

    func contains(_ operation: Int32) -> Bool {
        let place = place(of: operation)
        return place < operations.count && operations[place] == operation
    }

    /// Adds those that are missing; false, and nothing has changed, when that would be more than `countMax`.
    mutating func add(_ more: [Int32], countMax: Int) -> Bool {
        var added: [Int32] = []
        for operation in more {
            let place = place(of: operation)
            if place < operations.count && operations[place] == operation { continue }
            guard operations.count < countMax else {
                remove(added)
                return false
            }
            operations.insert(operation, at: place)
            added.append(operation)
        }
        return true
    }

    /// Takes away those that are there.
    mutating func remove(_ some: [Int32]) {
        for operation in some {
            let place = place(of: operation)
            if place < operations.count && operations[place] == operation { operations.remove(at: place) }
        }
    }

    /// Where an operation is, or belongs: how many are smaller.
    private func place(of operation: Int32) -> Int {
        var low = 0
        var high = operations.count
        while low < high {
            let middle = (low + high) / 2
            if operations[middle] < operation { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
