/// Eight small counters in one word. Histories are explored in debug builds as well, where arrays would be
/// slow.
struct Counters {
    private var bytes: UInt64 = 0

    subscript(_ index: Int) -> Int {
        get { Int(bytes >> UInt64(8 * index) & 0x7f) }
        set {
            precondition(newValue < 128, "the history is too long")
            bytes = bytes & ~(0xff << UInt64(8 * index)) | UInt64(newValue) << UInt64(8 * index)
        }
    }

    /// Keeps the larger of each pair of counters.
    mutating func join(_ other: Counters) {
        let high: UInt64 = 0x8080_8080_8080_8080
        // The top bit of each byte survives the subtraction exactly where mine is not the smaller one.
        let kept = (((bytes | high) &- other.bytes) & high) >> 7 &* 0xff
        bytes = bytes & kept | other.bytes & ~kept
    }
}

/// What a thread knows of the others, or what a message hands on: how far each thread's plain accesses have
/// happened before (`clock`), and which is the oldest message of each cell that may still be read (`view`).
struct Knowledge {
    var clock = Counters()
    var view = Counters()

    mutating func join(_ other: Knowledge) {
        clock.join(other.clock)
        view.join(other.view)
    }
}

/// Something that a thread is about to do, as far as it matters to the others.
enum Operation {
    case read(cell: Int)
    case write(cell: Int)
    case fence

    /// Whether the order of the two can matter. Two operations that do not conflict lead to the same state in
    /// either order, so only one of the orders is explored.
    func conflicts(with other: Operation) -> Bool {
        switch (self, other) {
        case (.fence, .fence): true
        case (.write(let mine), .write(let its)), (.write(let mine), .read(let its)),
            (.read(let mine), .write(let its)):
            mine == its
        default: false
        }
    }
}

/// A deliberate weakness in the simulated machine: it must make a history fail, or the history proves
/// nothing.
enum Fault: Hashable {
    case relaxedStore(word: Int)
    case relaxedLoad(word: Int)
    case relaxedExchange(word: Int)
    case noFence(thread: Int)
}
