@testable import ZCNet

/// One execution's memory: every store is kept as a message, and a load may read any message that coherence
/// and happens-before leave open to its thread.
///
/// The machine is that of C11 with two restrictions, both common to checkers of this kind: a store comes
/// after all earlier stores to its cell, and a load cannot see a store that its own later stores depend upon.
final class Model: @unchecked Sendable {
    struct Message {
        let value: UInt
        /// What an acquiring load learns.
        let released: Knowledge
    }

    struct Thread {
        var knows = Knowledge()
        /// Learnt by relaxed loads; a fence makes it known.
        var unacquired = Knowledge()
        /// What was known at the last fence: relaxed stores hand it on.
        var fenced = Knowledge()
        var pending = Operation.fence
        var sleepsOn: Int?
        var hasEnded = false
    }

    static let cellsMax = 8

    private(set) var bodies: [() -> Void] = []
    private let explorer: Explorer
    private let faults: Set<Fault>
    private var threads: [Thread] = []
    private var cells: [[Message]] = []
    private var words: [Int] = []
    private var fenceView = Counters()
    private var isRunning = false
    private var startedCount = 1
    /// The only thread that runs.
    private(set) var current = 0
    private var checks: [() -> String?] = []

    init(explorer: Explorer, threads count: Int, faults: Set<Fault>) {
        self.explorer = explorer
        self.faults = faults
        for thread in 0..<count {
            threads.append(Thread())
            threads[thread].knows.clock[thread] = 1
        }
    }

    // MARK: Building a history

    func thread(_ body: @escaping () -> Void) { bodies.append(body) }

    /// Says what must hold when all threads have ended: returns a complaint, or nil.
    func finally(_ check: @escaping () -> String?) { checks.append(check) }

    func addCell(word: Int, _ value: UInt = 0) -> Int {
        precondition(cells.count < Self.cellsMax)
        cells.append([Message(value: value, released: Knowledge())])
        words.append(word)
        return cells.count - 1
    }

    // MARK: For the explorer

    /// The end of the set-up, which ran without interleaving: all threads know all of it.
    func begin() {
        isRunning = true
        let known = threads[0].knows.view
        for index in threads.indices { threads[index].knows.view = known }
    }

    func finalCheck() -> String? {
        isRunning = false
        for check in checks { if let complaint = check() { return complaint } }
        return nil
    }

    func nextToStart() -> Int? {
        guard startedCount < threads.count else { return nil }
        current = startedCount
        startedCount += 1
        return current
    }

    func threadEnded(_ thread: Int) { threads[thread].hasEnded = true }
    func hasEnded(_ thread: Int) -> Bool { threads[thread].hasEnded }
    func pending(_ thread: Int) -> Operation { threads[thread].pending }
    func resume(_ thread: Int) { current = thread }

    var enabledThreads: [Int] {
        threads.indices.filter { !threads[$0].hasEnded && threads[$0].sleepsOn == nil }
    }

    var deadlock: String? {
        let asleep = threads.indices.filter { !threads[$0].hasEnded }
        return asleep.isEmpty ? nil : "threads \(asleep) sleep for ever"
    }

    func fail(_ message: String) -> Never { explorer.fail(message) }

    func check(_ condition: Bool, _ message: @autoclosure () -> String) {
        if !condition { fail(message()) }
    }

    // MARK: Operations

    private func step(_ operation: Operation) {
        guard isRunning else { return }
        let me = current
        threads[me].pending = operation
        explorer.yield(from: me)
    }

    private func has(_ fault: Fault) -> Bool { faults.contains(fault) }

    func load(_ cell: Int, acquiring: Bool) -> UInt {
        step(.read(cell: cell))
        let me = current
        let newest = cells[cell].count - 1
        let age = isRunning ? explorer.choose(newest - threads[me].knows.view[cell] + 1) : 0
        threads[me].knows.view[cell] = newest - age
        let message = cells[cell][newest - age]
        if acquiring && !has(.relaxedLoad(word: words[cell])) {
            threads[me].knows.join(message.released)
        } else {
            threads[me].unacquired.join(message.released)
        }
        return message.value
    }

    func store(_ cell: Int, _ value: UInt, releasing: Bool) {
        step(.write(cell: cell))
        let releases = releasing && !has(.relaxedStore(word: words[cell]))
        append(cell, value, releases ? threads[current].knows : threads[current].fenced)
    }

    private func append(_ cell: Int, _ value: UInt, _ released: Knowledge) {
        let me = current
        cells[cell].append(Message(value: value, released: released))
        threads[me].knows.view[cell] = cells[cell].count - 1
        threads[me].knows.clock[me] += 1
    }

    func compareExchange(_ cell: Int, _ expected: UInt, _ desired: UInt) -> UInt {
        step(.write(cell: cell))
        let me = current
        let newest = cells[cell].count - 1
        let found = cells[cell][newest]
        let isRelaxed = has(.relaxedExchange(word: words[cell]))
        threads[me].knows.view[cell] = newest
        if isRelaxed {
            threads[me].unacquired.join(found.released)
        } else {
            threads[me].knows.join(found.released)
        }
        guard found.value == expected else { return found.value }
        // A read-modify-write continues the release sequence of what it replaces.
        var released = isRelaxed ? threads[me].fenced : threads[me].knows
        released.join(found.released)
        append(cell, desired, released)
        return found.value
    }

    func fence() {
        step(.fence)
        let me = current
        guard !has(.noFence(thread: me)) else { return }
        threads[me].knows.join(threads[me].unacquired)
        // The order of fences orders what cells show, but it is no happens-before for plain memory.
        threads[me].knows.view.join(fenceView)
        fenceView = threads[me].knows.view
        threads[me].fenced = threads[me].knows
        threads[me].knows.clock[me] += 1
    }

    /// The kernel compares with the newest value, and misses no wake-up after that.
    func sleep(_ cell: Int, while value: UInt) {
        step(.read(cell: cell))
        guard let newest = cells[cell].last, newest.value == value else { return }
        threads[current].sleepsOn = cell
        // Left again after a wake-up, as one more read.
        step(.read(cell: cell))
    }

    func wake(_ cell: Int) {
        step(.write(cell: cell))
        for index in threads.indices where threads[index].sleepsOn == cell { wakeUp(index) }
    }

    /// Adds one and wakes, in one step.
    func post(_ cell: Int) {
        step(.write(cell: cell))
        let newest = exchangeNewest(cell) { $0 + 1 }
        if newest == 0 {
            for index in threads.indices where threads[index].sleepsOn == cell { wakeUp(index) }
        }
    }

    /// Sleeps while the value is 0, then makes it 0.
    func awaitPost(_ cell: Int) {
        while true {
            step(.write(cell: cell))
            if exchangeNewest(cell, { _ in 0 }) != 0 { return }
            threads[current].sleepsOn = cell
        }
    }

    private func exchangeNewest(_ cell: Int, _ change: (UInt) -> UInt) -> UInt {
        let newest = cells[cell].count - 1
        let found = cells[cell][newest]
        threads[current].knows.view[cell] = newest
        threads[current].knows.join(found.released)
        if change(found.value) != found.value { append(cell, change(found.value), threads[current].knows) }
        return found.value
    }

    private func wakeUp(_ thread: Int) { threads[thread].sleepsOn = nil }

    /// The calling thread's knowledge, for checks of plain memory.
    var knowledge: Knowledge { threads[current].knows }
}
