import BenchmarkSupport
import Glibc
import ZCNet
import ZCProto

/// Messages that await their acknowledgement, a million of them: the retry table against what one writes
/// first, a heap of timer objects and a dictionary that finds a message's timer.
///
/// A pair is one message acknowledged and another one sent, with a million outstanding throughout. The
/// orders:
/// - *oldest first*: receivers answer in the order in which they were sent to.
/// - *window*: as good as that, but any of the oldest thousand comes first.
/// - *random*: any outstanding message.
/// - *last sent*: a thousand quick receivers, while a million messages wait for receivers that are away.
func retryBenchmarks(_ options: ReportOptions) -> [Comparison] {
    let rounds = options.repetitions(3)
    let times = Order.allCases.map { order in
        var seed: (table: UInt64, heap: UInt64) = (0, 0)
        // Both follow the same plan in the same round.
        let measured = Measurement.interleaved(
            rounds: rounds,
            [
                "table": {
                    seed.table += 1
                    return measureTable(Plan(order, seed: seed.table))
                },
                "heap and dictionary": {
                    seed.heap += 1
                    return measureHeap(Plan(order, seed: seed.heap))
                },
            ])
        return Comparison(
            "RetryTable, \(order)", measured, ours: "table", beside: "heap and dictionary")
    }
    return times + [measureMemory()]
}

private let outstandingCount = 1_000_000
private let pairCount = 1_000_000
private let step: Int64 = 1000

private enum Order: String, CaseIterable, CustomStringConvertible {
    case oldestFirst = "oldest first"
    case window
    case random
    case lastSent = "last sent"
    var description: String { rawValue }
}

/// Which message each pair acknowledges; made before the clock runs. Messages are numbered as they are sent.
private struct Plan {
    var acknowledged: [UInt64] = []

    init(_ order: Order, seed: UInt64) {
        var state = seed
        func random(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        var outstanding = (0..<outstandingCount).map(UInt64.init)
        let window = 1000
        var oldest = 0
        for pair in 0..<pairCount {
            let place: Int
            switch order {
            case .oldestFirst: place = pair % outstandingCount
            case .random: place = random(below: outstandingCount)
            case .lastSent: place = pair % window
            case .window:
                // The oldest of a circle changes places with one of its next neighbours.
                let other = (oldest + random(below: window)) % outstandingCount
                outstanding.swapAt(oldest, other)
                place = oldest
                oldest = (oldest + 1) % outstandingCount
            }
            acknowledged.append(outstanding[place])
            outstanding[place] = UInt64(outstandingCount + pair)
        }
    }
}

private let connections = (0..<1024).map { ConnectionID(rawValue: 1 << 32 | UInt64($0)) }
private let bytes: SharedBytes = "a message of a few words"

@inline(__always)
private func receiver(of id: UInt64) -> ConnectionID { connections[Int(id & 1023)] }

private func filledTable() -> RetryTable? {
    var policy = RetryPolicy()
    policy.interval = .seconds(60)
    guard var table = try? RetryTable(policy: policy, now: .zero, seed: 7) else { return nil }
    for id in 0..<UInt64(outstandingCount) {
        let message = OutstandingMessage(id: id, to: receiver(of: id), bytes: bytes)
        precondition(table.add(message, now: MonotonicInstant(nanoseconds: Int64(id) * step)) == .added)
    }
    return table
}

private func measureTable(_ plan: Plan) -> Double {
    guard var table = filledTable() else { return .nan }
    let acknowledged = plan.acknowledged.span
    let started = processorNanoseconds()
    for pair in 0..<pairCount {
        precondition(table.acknowledge(acknowledged[pair], from: receiver(of: acknowledged[pair])))
        let id = UInt64(outstandingCount + pair)
        let message = OutstandingMessage(id: id, to: receiver(of: id), bytes: bytes)
        precondition(table.add(message, now: MonotonicInstant(nanoseconds: Int64(id) * step)) == .added)
    }
    return Double(processorNanoseconds() - started) / Double(pairCount)
}

/// The heap's messages, found by the same key.
private struct HeapOfMessages {
    private struct Key: Hashable {
        let id: UInt64
        let connection: ConnectionID
    }

    private struct Pending {
        let timer: HeapTimer
        let bytes: SharedBytes
    }

    private var heap = ObjectHeap()
    private var pending: [Key: Pending] = [:]

    mutating func add(_ id: UInt64, to connection: ConnectionID, _ bytes: SharedBytes, at deadline: Int64) {
        let timer = heap.schedule(payload: id, at: deadline)
        pending[Key(id: id, connection: connection)] = Pending(timer: timer, bytes: bytes)
    }

    mutating func acknowledge(_ id: UInt64, from connection: ConnectionID) -> Bool {
        guard let found = pending.removeValue(forKey: Key(id: id, connection: connection)) else {
            return false
        }
        return heap.cancel(found.timer)
    }
}

private func filledHeap() -> HeapOfMessages {
    var heap = HeapOfMessages()
    for id in 0..<UInt64(outstandingCount) {
        heap.add(id, to: receiver(of: id), bytes, at: Int64(id) * step + 60_000_000_000)
    }
    return heap
}

private func measureHeap(_ plan: Plan) -> Double {
    var heap = filledHeap()
    let acknowledged = plan.acknowledged.span
    let started = processorNanoseconds()
    for pair in 0..<pairCount {
        precondition(heap.acknowledge(acknowledged[pair], from: receiver(of: acknowledged[pair])))
        let id = UInt64(outstandingCount + pair)
        heap.add(id, to: receiver(of: id), bytes, at: Int64(id) * step + 60_000_000_000)
    }
    return Double(processorNanoseconds() - started) / Double(pairCount)
}

/// Bytes, not nanoseconds, per outstanding message, whose own bytes are shared.
private func measureMemory() -> Comparison {
    let count = Double(outstandingCount)
    let before = residentBytes()
    guard let table = filledTable() else { return Comparison("", ours: .nan, beside: "", its: .nan) }
    let tableBytes = max(Double(table.memoryBytes), Double(residentBytes() - before)) / count
    let between = residentBytes()
    let heap = filledHeap()
    let heapBytes = Double(residentBytes() - between) / count
    withExtendedLifetime(heap) {}
    return Comparison(
        "RetryTable, bytes per message", ours: tableBytes, beside: "heap and dictionary, bytes",
        its: heapBytes)
}

/// Memory that the process really has.
private func residentBytes() -> Int {
    guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
    defer { unsafe _ = fclose(file) }
    var line: [CChar] = Array(repeating: 0, count: 256)
    guard unsafe fgets(&line, 256, file) != nil else { return 0 }
    let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self).split(separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * 4096 : 0
}
