import BenchmarkSupport
import Glibc
import ZCNet

/// What the pools save: buffers beside `malloc`, objects beside making them, a slab beside a dictionary.
func poolBenchmarks(_ options: ReportOptions) -> [Comparison] {
    startThread()
    let rounds = options.repetitions(15)
    return benchmarkBuffers(rounds) + benchmarkObjects(rounds) + benchmarkSlab(rounds)
}

/// Makes the process one with threads, as a server is. The C library's allocator locks from then on.
private func startThread() {
    var thread = pthread_t()
    let result = unsafe pthread_create(&thread, nil, { _ in nil }, nil)
    precondition(result == 0, "no thread")
    pthread_join(thread, nil)
}

/// Takes and gives back 8 KiB in a window of several outstanding buffers, touching the first byte of each, as
/// a loop does that carries the tails of a few messages.
private func benchmarkBuffers(_ repetitions: Int) -> [Comparison] {
    guard let pool = try? BufferPool() else { return [] }
    let rounds = 20_000
    var mix: UInt = 0
    let measured = Measurement.interleaved(
        rounds: repetitions,
        [
            "pool": { nanoseconds(per: rounds * 4) { for _ in 0..<rounds { mix ^= takeFour(pool) } } },
            "malloc + free": {
                nanoseconds(per: rounds * 4) { for _ in 0..<rounds { mix ^= mallocFour() } }
            },
        ])
    precondition(mix % 16 == 0, "allocations are aligned")
    return [Comparison("BufferPool, 8 KiB", measured, ours: "pool", beside: "malloc + free")]
}

/// A connection as the seeds' pools hold it: 1 KiB of state.
private final class PooledConnection {
    var state = InlineArray<128, UInt64>(repeating: 0)
}

/// Takes and gives back one object, touching it, beside making it anew.
private func benchmarkObjects(_ repetitions: Int) -> [Comparison] {
    let rounds = 50_000
    var pool = ObjectPool<PooledConnection>(keptMax: 16) { PooledConnection() }
    var sum = 0
    let measured = Measurement.interleaved(
        rounds: repetitions,
        [
            "pool": {
                nanoseconds(per: rounds) {
                    for _ in 0..<rounds {
                        let object = pool.take()
                        sum &+= use(object)
                        pool.give(object)
                    }
                }
            },
            "a new object": {
                nanoseconds(per: rounds) { for _ in 0..<rounds { sum &+= use(PooledConnection()) } }
            },
        ])
    blackHole(sum)
    return [Comparison("ObjectPool, 1 KiB", measured, ours: "pool", beside: "a new object")]
}

/// Not inlined, so that the object is really made.
@inline(never)
private func use(_ object: PooledConnection) -> Int {
    object.state[7] &+= 1
    return Int(truncatingIfNeeded: object.state[7])
}

/// Returns a mix of the addresses, so that no allocation can be optimised away.
@inline(never)
private func takeFour(_ pool: borrowing BufferPool) -> UInt {
    let first = pool.take(minimumCapacity: 8192)
    let second = pool.take(minimumCapacity: 8192)
    let third = pool.take(minimumCapacity: 8192)
    let fourth = pool.take(minimumCapacity: 8192)
    return touch(first) ^ touch(second) ^ touch(third) ^ touch(fourth)
}

@inline(__always)
private func touch(_ buffer: borrowing PooledBuffer?) -> UInt {
    switch buffer {
    case .some(let buffer): unsafe touch(buffer.memory.baseAddress)
    case nil: preconditionFailure("the pool refused")
    }
}

@inline(__always)
private func touch(_ memory: UnsafeMutableRawPointer?) -> UInt {
    // SAFETY: the memory is 8 KiB long.
    unsafe memory?.storeBytes(of: 1, as: UInt8.self)
    return UInt(bitPattern: memory)
}

@inline(never)
private func mallocFour() -> UInt {
    let first = unsafe malloc(8192)
    let second = unsafe malloc(8192)
    let third = unsafe malloc(8192)
    let fourth = unsafe malloc(8192)
    let mix = unsafe touch(first) ^ touch(second) ^ touch(third) ^ touch(fourth)
    // SAFETY: each is freed once.
    unsafe free(first)
    unsafe free(second)
    unsafe free(third)
    unsafe free(fourth)
    return mix
}

/// A part of what a server keeps for each connection.
private struct Entry {
    var bytesReceived: UInt64
    var deadline: UInt64 = 0
}

/// The same as an object, which is how maps of connections hold it.
private final class Connection {
    var entry: Entry
    init(_ entry: Entry) { self.entry = entry }
}

/// Looks 100,000 connections up in random order: in a slab, in a dictionary of values, in a dictionary of
/// objects.
private func benchmarkSlab(_ repetitions: Int) -> [Comparison] {
    let count = 100_000
    var slab = Slab<Entry>()
    var values: [Int32: Entry] = [:]
    var objects: [Int32: Connection] = [:]
    var order: [UInt32] = []
    for number in 0..<count {
        let entry = Entry(bytesReceived: UInt64(number))
        order.append(slab.insert(entry).rawValue)
        values[Int32(number)] = entry
        objects[Int32(number)] = Connection(entry)
    }
    order.shuffle()

    var sums: (slab: UInt64, values: UInt64, objects: UInt64) = (0, 0, 0)
    let measured = Measurement.interleaved(
        rounds: repetitions,
        [
            "slab": { nanoseconds(per: count) { sums.slab &+= sumOfSlab(slab, order) } },
            "dictionary of values": {
                nanoseconds(per: count) { sums.values &+= sumOfValues(values, order) }
            },
            "dictionary of objects": {
                nanoseconds(per: count) { sums.objects &+= sumOfObjects(objects, order) }
            },
        ])
    precondition(sums.slab == sums.values && sums.slab == sums.objects, "all find the same entries")
    return ["dictionary of values", "dictionary of objects"].map {
        Comparison("Slab, 100,000 at random", measured, ours: "slab", beside: $0)
    }
}

@inline(never)
private func sumOfSlab(_ slab: borrowing Slab<Entry>, _ order: [UInt32]) -> UInt64 {
    var sum: UInt64 = 0
    for number in order { sum &+= slab[SlotIndex(rawValue: number)].bytesReceived }
    return sum
}

@inline(never)
private func sumOfValues(_ values: [Int32: Entry], _ order: [UInt32]) -> UInt64 {
    var sum: UInt64 = 0
    for number in order { sum &+= values[Int32(bitPattern: number)]?.bytesReceived ?? 0 }
    return sum
}

@inline(never)
private func sumOfObjects(_ objects: [Int32: Connection], _ order: [UInt32]) -> UInt64 {
    var sum: UInt64 = 0
    for number in order { sum &+= objects[Int32(bitPattern: number)]?.entry.bytesReceived ?? 0 }
    return sum
}
