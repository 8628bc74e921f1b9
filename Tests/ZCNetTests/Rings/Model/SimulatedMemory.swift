import ZCNetTesting

@testable import ZCNet

/// A cell of a model.
struct SimulatedCell: AtomicCell {
    let model: Model
    let index: Int

    func loadRelaxed() -> UInt { model.load(index, acquiring: false) }
    func loadAcquiring() -> UInt { model.load(index, acquiring: true) }
    func storeRelaxed(_ value: UInt) { model.store(index, value, releasing: false) }
    func storeReleasing(_ value: UInt) { model.store(index, value, releasing: true) }
    func compareExchange(expected: UInt, desired: UInt) -> UInt {
        model.compareExchange(index, expected, desired)
    }
    func sleep(while value: UInt) { model.sleep(index, while: value) }
    func wake() { model.wake(index) }
}

/// A block of a model's cells, under the word numbers of the production layout.
struct SimulatedCells: CellBlock {
    let model: Model
    private let indices: [Int: Int]

    init(_ model: Model, words: [Int]) {
        self.model = model
        indices = Dictionary(uniqueKeysWithValues: words.map { ($0, model.addCell(word: $0)) })
    }

    func cell(at word: Int) -> SimulatedCell {
        guard let index = indices[word] else { preconditionFailure("no cell at word \(word)") }
        return SimulatedCell(model: model, index: index)
    }

    func fence() { model.fence() }

    static func ring(_ model: Model) -> SimulatedCells {
        SimulatedCells(
            model,
            words: [
                RingCells.tail, RingCells.head, RingCells.sleeping, RingCells.abandoned, RingCells.wantsSpace,
                RingCells.finished,
            ])
    }
}

/// Plain memory: any two accesses of which one is a write must be ordered by happens-before.
final class SimulatedSlot {
    private let model: Model
    private var value: UInt = 0
    private var writer: (thread: Int, time: Int)?
    private var readers: [Int: Int] = [:]

    init(_ model: Model) { self.model = model }

    private func require(_ thread: Int, _ time: Int, _ what: String) {
        let known = model.knowledge.clock[thread]
        model.check(known >= time, "data race: thread \(model.current) \(what) of thread \(thread)")
    }

    func read() -> UInt {
        if let writer { require(writer.thread, writer.time, "reads what is not ordered after a write") }
        readers[model.current] = model.knowledge.clock[model.current]
        return value
    }

    func write(_ value: UInt) {
        if let writer { require(writer.thread, writer.time, "writes without order after a write") }
        for (thread, time) in readers { require(thread, time, "writes without order after a read") }
        readers = [:]
        writer = (model.current, model.knowledge.clock[model.current])
        self.value = value
    }
}

/// A counting wake-up between threads of a history, as an eventfd and its loop would be.
struct SimulatedEvent {
    private let model: Model
    private let cell: Int

    init(_ model: Model) {
        self.model = model
        cell = model.addCell(word: -1)
    }

    func post() { model.post(cell) }

    /// Waits for at least one post and takes all.
    func wait() { model.awaitPost(cell) }
}
