internal import CZCNet

/// Bytes that a connection's end left behind: accepted, the peer's window full, and the connection closed.
/// They are sent for as long as a kernel would try: while the peer takes some now and then, but not for ever.
struct Leftovers {
    struct Item {
        let descriptor: Descriptor
        var bytes: ArraySlice<UInt8>
        /// When a peer that takes nothing is given up.
        var deadline: MonotonicInstant
        /// When a peer is given up however much it takes.
        let limit: MonotonicInstant
    }

    var items: [UInt32: Item] = [:]
    var lastNumber: UInt32 = 0

    /// How long a peer that reads nothing is waited for.
    static var patience: Duration { .seconds(30) }
    /// How long a peer that reads on is waited for.
    static var patienceMax: Duration { .seconds(300) }
    /// How often the deadlines are looked at, while there are any.
    static var lookNanoseconds: Int64 { 1_000_000_000 }
}

extension URingDriver {
    /// Keeps a socket until its last bytes are out.
    func addLeftover(_ descriptor: Descriptor, _ bytes: [UInt8]) {
        state[].leftovers.lastNumber &+= 1
        let number = state[].leftovers.lastNumber
        let now = clock.now()
        state[].leftovers.items[number] = Leftovers.Item(
            descriptor: descriptor, bytes: bytes[...], deadline: now + Leftovers.patience,
            limit: now + Leftovers.patienceMax)
        pollLeftover(number, descriptor)
    }

    private func pollLeftover(_ number: UInt32, _ descriptor: Descriptor) {
        let data = Self.userData(URingOperation.last, number: number)
        requestReadiness(descriptor.rawValue, ZC_EPOLLOUT, repeats: false, data)
    }

    func leftoverGotRoom(_ completion: zc_cqe) -> Int {
        let number = UInt32(truncatingIfNeeded: completion.user_data & 0xFFFF_FFFF)
        guard var item = state[].leftovers.items[number] else { return 0 }
        let outcome = Self.sendOnce(item.descriptor, item.bytes)
        if case .sent(let count) = outcome, count < item.bytes.count {
            item.bytes = item.bytes.dropFirst(count)
            if count > 0 { item.deadline = min(clock.now() + Leftovers.patience, item.limit) }
            state[].leftovers.items[number] = item
            pollLeftover(number, item.descriptor)
        } else {
            state[].leftovers.items[number] = nil
            let isBroken = if case .failed = outcome { true } else { false }
            KernelSocket.close(item.descriptor, reset: isBroken)
        }
        return 1
    }

    /// Waits no longer than until the next look at the deadlines.
    func leftoverTimeout(_ nanoseconds: Int64) -> Int64 {
        if state[].leftovers.items.isEmpty { return nanoseconds }
        return nanoseconds < 0 ? Leftovers.lookNanoseconds : min(nanoseconds, Leftovers.lookNanoseconds)
    }

    func expireLeftovers() {
        if state[].leftovers.items.isEmpty { return }
        let now = clock.now()
        for (number, item) in state[].leftovers.items where item.deadline <= now {
            dropLeftover(number, item)
        }
    }

    func dropLeftovers() {
        for (number, item) in state[].leftovers.items { dropLeftover(number, item) }
    }

    private func dropLeftover(_ number: UInt32, _ item: Leftovers.Item) {
        state[].leftovers.items[number] = nil
        cancel(Self.userData(URingOperation.last, number: number))
        KernelSocket.close(item.descriptor, reset: true)
    }
}
