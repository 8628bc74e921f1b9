import BenchmarkSupport
import CZCNet
import Glibc
import Synchronization
import ZCNet

/// A message-sized slot.
private struct Item {
    var number: UInt64 = 0
    var first: UInt64 = 0
    var second: UInt64 = 0
    var third: UInt64 = 0
}

private let capacity = 256
/// Asked for before anything is pinned: afterwards a thread sees only its own.
private let processors = (consumer: zc_processor_at(0), producer: zc_processor_at(1))

/// ns per item from one thread to another, pinned to two processors: `SlotRing` against an array behind a
/// mutex.
func ringBenchmarks(_ options: ReportOptions) -> [Comparison] {
    let items: UInt64 = options.isQuick ? 200_000 : 4_000_000
    let measured = Measurement.interleaved(
        rounds: options.repetitions(7),
        [
            "ring": { ringRun(items, signals: false) }, "signalled": { ringRun(items, signals: true) },
            "array behind a mutex": { mutexRun(items) }, "alone": { aloneRun(items) },
        ])
    let mutex = "array behind a mutex"
    return [
        Comparison("SlotRing, both sides polling", measured, ours: "ring", beside: mutex),
        Comparison(
            "SlotRing, lowest of the runs", ours: measured["ring"], beside: mutex, its: measured[mutex],
            ratio: measured.leastRatio(mutex, to: "ring")),
        Comparison("SlotRing, a signal per item", measured, ours: "signalled", beside: mutex),
        Comparison("SlotRing, on one thread", measured, ours: "alone", beside: mutex),
    ]
}

/// What either side does when it can do nothing: it keeps away from the shared lines for a while (a poll
/// takes them away from the side that works) and now and then lets another thread have the processor.
private struct Patience {
    private var left = 50
    private var noise: UInt64 = 1

    mutating func wait() {
        // A dependent chain of multiplications, which cannot be folded: about 3 cycles each.
        for _ in 0..<500 { noise = noise &* 6_364_136_223_846_793_005 ^ (noise >> 7) }
        left -= 1
        guard left == 0 || noise == 0 else { return }
        left = 50
        sched_yield()
    }
}

private func ringRun(_ itemsPerRun: UInt64, signals: Bool) -> Double {
    guard let ring = try? SlotRing<Item>(capacity: capacity, makeSlot: { Item() }) else { return 0 }
    var consumer = ring.consumer
    let handover = Mutex<SlotRing<Item>.Producer?>(ring.producer)
    return transfer(itemsPerRun) {
        let taken = handover.withLock { producer in producer.take() }
        guard var producer = taken else { return }
        var number: UInt64 = 0
        var patience = Patience()
        while number < itemsPerRun {
            let isSet = producer.set { slot in
                slot.number = number
                slot.third = number
            }
            guard isSet else {
                patience.wait()
                continue
            }
            producer.setAdvance()
            if signals { producer.signal() }
            number += 1
        }
    } consume: {
        var sum: UInt64 = 0
        var patience = Patience()
        var count: UInt64 = 0
        while count < itemsPerRun {
            guard consumer.get({ slot in sum &+= slot.number ^ slot.third }) else {
                patience.wait()
                continue
            }
            _ = consumer.getAdvance()
            count += 1
        }
        return sum
    }
}

/// Batches of half the capacity, set and taken by one thread: what the code costs without any traffic between
/// caches.
private func aloneRun(_ itemsPerRun: UInt64) -> Double {
    guard let ring = try? SlotRing<Item>(capacity: capacity, makeSlot: { Item() }) else { return 0 }
    var producer = ring.producer
    var consumer = ring.consumer
    var number: UInt64 = 0
    var sum: UInt64 = 0
    let start = monotonicNanoseconds()
    while number < itemsPerRun {
        for _ in 0..<capacity / 2 {
            let isSet = producer.set { slot in
                slot.number = number
                slot.third = number
            }
            if !isSet { break }
            producer.setAdvance()
            number += 1
        }
        while consumer.get({ slot in sum &+= slot.number ^ slot.third }) {
            _ = consumer.getAdvance()
        }
    }
    let nanoseconds = monotonicNanoseconds() - start
    precondition(sum == 0, "an item was damaged")
    return Double(nanoseconds) / Double(number)
}

/// What one would write without the ring: the same slots, two positions, one lock.
///
/// SAFETY: `@safe` because the lock lives from `init` to `deinit`; everything else is touched under it.
@safe
private final class MutexRing: @unchecked Sendable {
    private var items = [Item](repeating: Item(), count: capacity)
    private var head = 0
    private var tail = 0
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() { unsafe pthread_mutex_init(mutex, nil) }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    func push(_ item: Item) -> Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        if tail - head == capacity { return false }
        items[tail & (capacity - 1)] = item
        tail += 1
        return true
    }

    func pop() -> Item? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        if tail == head { return nil }
        let item = items[head & (capacity - 1)]
        head += 1
        return item
    }
}

private func mutexRun(_ itemsPerRun: UInt64) -> Double {
    let ring = MutexRing()
    return transfer(itemsPerRun) {
        var number: UInt64 = 0
        var patience = Patience()
        while number < itemsPerRun {
            if ring.push(Item(number: number, third: number)) { number += 1 } else { patience.wait() }
        }
    } consume: {
        var sum: UInt64 = 0
        var patience = Patience()
        var count: UInt64 = 0
        while count < itemsPerRun {
            guard let item = ring.pop() else {
                patience.wait()
                continue
            }
            sum &+= item.number ^ item.third
            count += 1
        }
        return sum
    }
}

/// Runs `produce` on a new thread and `consume` here, each on its own processor; ns per item.
private func transfer(
    _ itemsPerRun: UInt64, produce: @escaping @Sendable () -> Void, consume: () -> UInt64
) -> Double {
    final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    _ = zc_thread_pin(processors.consumer)
    var thread = pthread_t()
    // SAFETY: the new thread releases what is retained for it.
    let work = unsafe Unmanaged.passRetained(
        Work {
            _ = zc_thread_pin(processors.producer)
            produce()
        }
    ).toOpaque()
    let start = monotonicNanoseconds()
    let status = unsafe pthread_create(
        &thread, nil,
        { argument in
            guard let argument = unsafe argument else { return nil }
            unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, work)
    precondition(status == 0, "pthread_create: \(status)")
    precondition(consume() == 0, "an item was damaged")
    pthread_join(thread, nil)
    return Double(monotonicNanoseconds() - start) / Double(itemsPerRun)
}
