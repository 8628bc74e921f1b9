import ZCNet

/// Who knows the number of the message at a place: what a ``RetryIndex`` asks when it grows.
protocol MessageNumbers: ~Copyable {
    /// The number of the message at a place that is in the index.
    func id(at place: UInt32) -> UInt64
}

extension Slab: MessageNumbers where Element == RetryTable.Entry {
    func id(at place: UInt32) -> UInt64 { self[SlotIndex(rawValue: place)].id }
}
