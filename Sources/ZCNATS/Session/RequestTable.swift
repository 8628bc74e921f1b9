import ZCNet

/// Who waits for an answer, or for several. Called on the loop.
struct NATSWaiting: Sendable {
    /// An answer came; whether more is wanted of the same request.
    let onReply: @Sendable (_ message: borrowing NATSMessage, _ connection: borrowing NATSConnection) -> Bool
    /// No answer will come, or no other one.
    let onFailure: @Sendable (NATSError) -> Void
}

/// Names a request of a client. Numbers do not come again while a late answer may.
struct RequestID: Hashable, Sendable {
    let rawValue: Int

    static let slotBits = 20
    var slot: Int { rawValue & (1 << Self.slotBits - 1) }
}

/// The requests that wait, found by the number at the end of the subject that their answers come to. The
/// loop's own.
struct RequestTable: ~Copyable {
    private struct Slot {
        var generation = 0
        var waiting: NATSWaiting?
        var timer: TimerID?
    }

    private var slots: [Slot] = []
    private var free: [Int] = []
    private(set) var count = 0

    mutating func add(_ waiting: NATSWaiting) -> RequestID {
        let slot: Int
        if let last = free.popLast() {
            slot = last
        } else {
            slot = slots.count
            slots.append(Slot())
        }
        slots[slot].waiting = waiting
        count += 1
        return RequestID(rawValue: slots[slot].generation << RequestID.slotBits | slot)
    }

    private func holds(_ id: RequestID) -> Bool {
        slots.indices.contains(id.slot) && slots[id.slot].waiting != nil
            && slots[id.slot].generation == id.rawValue >> RequestID.slotBits
    }

    func find(_ id: RequestID) -> NATSWaiting? { holds(id) ? slots[id.slot].waiting : nil }

    /// Takes note of the timer that a request waits with; answers the one before.
    mutating func setTimer(_ timer: TimerID?, of id: RequestID) -> TimerID? {
        guard holds(id) else { return timer }
        defer { slots[id.slot].timer = timer }
        return slots[id.slot].timer
    }

    mutating func remove(_ id: RequestID) -> (waiting: NATSWaiting, timer: TimerID?)? {
        guard holds(id), let waiting = slots[id.slot].waiting else { return nil }
        defer {
            slots[id.slot].waiting = nil
            slots[id.slot].timer = nil
            slots[id.slot].generation = (slots[id.slot].generation + 1) & (1 << 36 - 1)
            free.append(id.slot)
            count -= 1
        }
        return (waiting, slots[id.slot].timer)
    }

    /// All that wait, which then do not any more.
    mutating func removeAll() -> [(waiting: NATSWaiting, timer: TimerID?)] {
        slots.indices.compactMap { slot in
            remove(RequestID(rawValue: slots[slot].generation << RequestID.slotBits | slot))
        }
    }
}
