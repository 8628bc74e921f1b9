/// Numbers of successive completions. They count on for as long as the queue exists, and begin anew at 2^32.
struct URingNumbers: Sequence, IteratorProtocol {
    /// The next one.
    private(set) var first: UInt32
    /// The one behind the last.
    let end: UInt32

    init(first: UInt32, end: UInt32) {
        self.first = first
        self.end = end
    }

    /// Also true when the end has been passed: a queue is far shorter than half the numbers.
    var isEmpty: Bool { Int32(bitPattern: end &- first) <= 0 }

    @inline(__always)
    mutating func next() -> UInt32? {
        if isEmpty { return nil }
        defer { first &+= 1 }
        return first
    }
}
