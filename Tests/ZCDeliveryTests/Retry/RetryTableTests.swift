import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

@Suite struct RetryTableTests {
    private let somebody = ConnectionID(rawValue: 1 << 32 | 5)
    private let another = ConnectionID(rawValue: 2 << 32 | 6)

    private func message(_ id: UInt64, to connection: ConnectionID? = nil) -> OutstandingMessage {
        OutstandingMessage(id: id, to: connection ?? somebody, bytes: "hello")
    }

    private func policy(_ change: (inout RetryPolicy) -> Void = { _ in }) -> RetryPolicy {
        var policy = RetryPolicy()
        policy.jitter = 0
        change(&policy)
        return policy
    }

    /// Milliseconds at which message 1 was sent again, and given up.
    private func history(_ policy: RetryPolicy) throws -> (retries: [Int], end: Int?) {
        let time = VirtualClock(now: MonotonicInstant(nanoseconds: 5_000_000_000))
        let start = time.now
        let table = try TestedTable(policy: policy, now: time.now)
        #expect(table.add(message(1), now: time.now) == .added)
        var (retries, end) = ([Int](), Int?.none)
        while let next = table.nextExpiry {
            time.advance(to: next)
            let at = Int((time.now - start) / .milliseconds(1))
            table.advance(to: time.now) { _ in
                retries.append(at)
                return .sent
            } deadLetter: {
                #expect($0.cause == .unacknowledged && $0.message.id == 1)
                #expect($0.message.retries == policy.retriesMax && $0.message.bytes == "hello")
                end = at
            }
        }
        #expect(table.count == 0 && table.outstandingBytes == 0 && table.retriedCount == 0)
        return (retries, end)
    }

    @Test func waitsGrowAndEnd() throws {
        let even = try history(policy { ($0.backoff, $0.retriesMax) = (1, 3) })
        #expect(even.retries == [10_000, 20_000, 30_000] && even.end == 40_000)
        let growing = try history(
            policy {
                ($0.interval, $0.backoff, $0.retriesMax) = (.seconds(5), 2, 4)
                $0.intervalMax = .seconds(30)
            })
        #expect(growing.retries == [5000, 15_000, 35_000, 65_000] && growing.end == 95_000)
        let never = try history(policy { $0.retriesMax = 0 })
        #expect(never.retries.isEmpty && never.end == 10_000)
    }

    @Test func jitterSpreads() throws {
        let table = try TestedTable(policy: policy { $0.jitter = 0.5 }, now: .zero, seed: 9)
        for id in 0..<1000 { _ = table.add(message(UInt64(id)), now: .zero) }
        var times: Set<Int64> = []
        while let next = table.nextExpiry, next < MonotonicInstant(nanoseconds: 30_000_000_000) {
            table.advance(
                to: next,
                resend: { _ in
                    times.insert(next.nanoseconds)
                    return .closed
                }, deadLetter: { _ in })
        }
        #expect(table.count == 0 && times.count > 100)
        #expect(times.allSatisfy { $0 >= 10_000_000_000 && $0 <= 15_010_000_000 })
    }

    @Test func acknowledgementsAreForTheirOwnConnection() throws {
        let table = try TestedTable(policy: policy(), now: .zero)
        #expect(table.add(message(7), now: .zero) == .added)
        #expect(table.add(message(7, to: another), now: .zero) == .added)
        #expect(!table.acknowledge(8, from: somebody))
        #expect(table.acknowledge(7, from: another) && !table.acknowledge(7, from: another))
        #expect(table.count == 1)
        #expect(table.acknowledge(7, from: somebody) && table.count == 0 && table.nextExpiry == nil)
    }

    @Test func anAcknowledgedMessageIsNotSentAgain() throws {
        let table = try TestedTable(policy: policy(), now: .zero)
        for id in 1...10 { _ = table.add(message(UInt64(id)), now: .zero) }
        for id in stride(from: 1, through: 9, by: 2) {
            #expect(table.acknowledge(UInt64(id), from: somebody))
        }
        var again: [UInt64] = []
        let retries = table.advance(to: MonotonicInstant(nanoseconds: 11_000_000_000)) {
            again.append($0.id)
            return .queued
        } deadLetter: { _ in
            Issue.record("nothing was given up")
        }
        #expect(again.sorted() == [2, 4, 6, 8, 10] && retries == 5 && table.retriedCount == 5)
        #expect(table.acknowledge(4, from: somebody) && table.retriedCount == 4)
    }

    @Test func addingAgainBeginsAnew() throws {
        let table = try TestedTable(policy: policy { $0.retriesMax = 1 }, now: .zero)
        _ = table.add(message(1), now: .zero)
        let half = MonotonicInstant(nanoseconds: 9_000_000_000)
        table.advance(to: half, resend: { _ in .sent }, deadLetter: { _ in })
        let longer = OutstandingMessage(id: 1, to: somebody, bytes: "hello again")
        #expect(table.add(longer, now: half) == .restarted)
        #expect(table.count == 1 && table.outstandingBytes == 11)
        var bytes: SharedBytes?
        table.advance(to: half + .seconds(9), resend: { _ in .sent }, deadLetter: { _ in })
        #expect(table.retriedCount == 0)
        table.advance(to: half + .seconds(11)) {
            bytes = $0.bytes
            return .sent
        } deadLetter: { _ in
            Issue.record("too early")
        }
        #expect(bytes == "hello again" && table.retriedCount == 1)
    }

    @Test func aConnectionThatIsOverGivesUpAtOnce() throws {
        let table = try TestedTable(policy: policy(), now: .zero)
        _ = table.add(message(1), now: .zero)
        _ = table.add(message(2), now: .zero)
        var letters: [DeadLetter] = []
        table.advance(to: MonotonicInstant(nanoseconds: 11_000_000_000)) {
            $0.id == 1 ? .closed : .full
        } deadLetter: {
            letters.append($0)
        }
        #expect(letters.map(\.message.id) == [1] && letters[0].cause == .connectionClosed)
        #expect(table.abandon(2, from: somebody)?.message.retries == 1 && table.count == 0)
        #expect(table.abandon(2, from: somebody) == nil)
    }

    @Test func limitsHold() throws {
        let table = try TestedTable(
            policy: policy { ($0.outstandingMax, $0.outstandingBytesMax) = (3, 14) }, now: .zero)
        #expect(table.add(message(1), now: .zero) == .added && table.add(message(2), now: .zero) == .added)
        #expect(table.add(message(3), now: .zero) == .full)
        let short = OutstandingMessage(id: 4, to: somebody, bytes: "")
        #expect(table.add(short, now: .zero) == .added)
        #expect(table.add(OutstandingMessage(id: 5, to: somebody, bytes: ""), now: .zero) == .full)
        #expect(table.acknowledge(1, from: somebody) && table.add(message(3), now: .zero) == .added)
        for change: (inout RetryPolicy) -> Void in [
            { $0.interval = .zero }, { $0.backoff = 0.5 }, { $0.jitter = 2 }, { $0.retriesMax = -1 },
            { $0.intervalMax = .seconds(1) }, { $0.tick = .zero },
        ] {
            #expect(throws: ConfigurationError.self) {
                _ = try TestedTable(policy: policy(change), now: .zero)
            }
        }
    }

    @Test func aVisitMayBeCutShort() throws {
        let table = try TestedTable(policy: policy(), now: .zero)
        for id in 0..<100 { _ = table.add(message(UInt64(id)), now: .zero) }
        let due = MonotonicInstant(nanoseconds: 10_000_000_000)
        var seen = 0
        table.advance(to: due, limit: 30, resend: { _ in .sent }, deadLetter: { _ in })
        #expect(table.retriedCount == 30 && table.nextExpiry == due)
        while let next = table.nextExpiry, next <= due {
            seen += table.advance(to: due, limit: 30, resend: { _ in .sent }, deadLetter: { _ in })
        }
        #expect(seen == 70 && table.retriedCount == 100)
    }

    /// Against a list of messages with their deadlines, in steps of whole ticks.
    @Test(arguments: [UInt64(1), 2, 3])
    func behavesLikeAList(_ seed: UInt64) throws {
        struct Item {
            var deadline: Int64
            var retries = 0
        }
        var random = SimulatedRandom(seed: seed)
        let tick: Int64 = 10_000_000
        let policy = policy {
            ($0.interval, $0.backoff, $0.retriesMax, $0.outstandingMax) = (.milliseconds(200), 1, 2, 300)
        }
        let table = try TestedTable(policy: policy, now: .zero, seed: seed)
        var model: [UInt64: Item] = [:]
        var now: Int64 = 0
        for _ in 0..<20_000 {
            let id = random.next() % 400
            switch random.next() % 4 {
            case 0, 1:
                let answer = table.add(message(id), now: MonotonicInstant(nanoseconds: now))
                let expected: RetryAddition =
                    model[id] != nil ? .restarted : model.count < 300 ? .added : .full
                #expect(answer == expected)
                if answer != .full { model[id] = Item(deadline: now + 20 * tick) }
            case 2: #expect(table.acknowledge(id, from: somebody) == (model.removeValue(forKey: id) != nil))
            default:
                now += Int64(random.next() % 3) * tick
                var (again, dead) = (Set<UInt64>(), Set<UInt64>())
                table.advance(to: MonotonicInstant(nanoseconds: now)) {
                    again.insert($0.id)
                    return .sent
                } deadLetter: {
                    dead.insert($0.message.id)
                }
                let due = model.filter { $0.value.deadline <= now }
                #expect(again == Set(due.filter { $0.value.retries < 2 }.keys))
                #expect(dead == Set(due.filter { $0.value.retries == 2 }.keys))
                for (id, item) in due {
                    model[id] =
                        item.retries == 2 ? nil : Item(deadline: now + 20 * tick, retries: item.retries + 1)
                }
            }
            #expect(table.count == model.count)
            #expect(table.retriedCount == model.count { $0.value.retries > 0 })
        }
    }
}
