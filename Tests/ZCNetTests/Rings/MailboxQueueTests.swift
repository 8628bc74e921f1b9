import Glibc
import Synchronization
import Testing

@testable import ZCNet

extension Rings {
    @Suite struct MailboxQueueTests {
        typealias Counted = SlotRingTests.Counted
        typealias Living = SlotRingTests.Living

        private func drained<Element>(_ queue: MailboxQueue<Element>) -> [Element] {
            var elements: [Element] = []
            queue.drain { elements.append($0) }
            return elements
        }

        @Test func oneWakeUpPerBurstAndInOrder() throws {
            let queue = try MailboxQueue<Int>(countMax: 10)
            #expect(queue.push(1) == .wake)
            #expect(queue.push(2) == .queued)
            #expect(queue.push(3) == .queued)
            #expect(queue.count == 3)
            #expect(drained(queue) == [1, 2, 3])
            #expect(queue.push(4) == .wake)
            #expect(drained(queue) == [4])
            #expect(drained(queue) == [])
        }

        @Test func aPushDuringADrainIsHandedOverOnceWithoutAWakeUp() throws {
            let queue = try MailboxQueue<Int>(countMax: 10)
            _ = queue.push(1)
            var taken: [Int] = []
            var answers: [MailboxPush] = []
            queue.drain { element in
                taken.append(element)
                answers.append(queue.push(element + 1))
            }
            #expect(taken == [1, 2])
            #expect(answers == [.queued, .wake])
            #expect(drained(queue) == [3])
        }

        @Test func theLimitIsForOrdinaryElements() throws {
            let queue = try MailboxQueue<Int>(countMax: 2)
            #expect(queue.push(1) == .wake)
            #expect(queue.push(2) == .queued)
            #expect(queue.push(3) == .full)
            #expect(queue.push(4, isControl: true) == .queued)
            #expect(drained(queue) == [1, 2, 4])
            #expect(queue.count == 0)
            #expect(queue.push(5) == .wake)
        }

        /// Who pushed last may say more in the same place; it counts, and nothing comes between.
        @Test func onlyTheNewestElementIsJoined() throws {
            let queue = try MailboxQueue<Int>(countMax: 3)
            let (answer, first) = queue.pushOpen(1)
            #expect(answer == .wake && queue.join(first) && queue.count == 2)
            let (later, second) = queue.pushOpen(2)
            #expect(later == .queued && !queue.join(first), "another is behind it")
            #expect(
                !queue.join(second) && queue.pushOpen(3).answer == .full, "the limit counts what has joined")
            queue.leave(1)
            #expect(queue.count == 2 && queue.join(second))
            #expect(drained(queue) == [1, 2] && queue.count == 1, "what has joined is still used")
            queue.leave(1)
            #expect(queue.count == 0 && !queue.join(second) && !queue.join(.none))
            let (_, third) = queue.pushOpen(3)
            queue.close()
            #expect(!queue.join(third) && queue.pushOpen(4).answer == .closed)
        }

        /// A node that is pushed while an element is used has another place, though both had the same size
        /// and one may be allocated when the other is freed.
        @Test func whatIsUsedIsNotJoinedThroughAnother() throws {
            for _ in 0..<50 {
                let queue = try MailboxQueue<Int>(countMax: 3)
                let place = queue.pushOpen(1).place
                var isJoined = false
                queue.drain { element in
                    guard element == 1 else { return }
                    _ = queue.push(2)
                    isJoined = queue.join(place)
                }
                #expect(!isJoined)
            }
        }

        @Test func closeLetsTheRestBeDrained() throws {
            let queue = try MailboxQueue<Int>(countMax: 2)
            _ = queue.push(1)
            #expect(queue.close())
            #expect(!queue.close())
            #expect(queue.isClosed)
            #expect(queue.push(2) == .closed)
            #expect(queue.push(2, isControl: true) == .closed)
            #expect(drained(queue) == [1])
            #expect(queue.push(2) == .closed)
            #expect(drained(queue) == [])
        }

        @Test(arguments: [0, -1, 1 << 30 + 1])
        func aLimitOutsideItsLimitsIsRefusedByName(countMax: Int) {
            let error = #expect(throws: ConfigurationError.self) { try MailboxQueue<Int>(countMax: countMax) }
            #expect(error?.field == "MailboxQueue.countMax")
        }

        @Test func nothingLeaks() throws {
            let living = Living()
            do {
                let queue = try MailboxQueue<Counted>(countMax: 3)
                for _ in 0..<5 { _ = queue.push(Counted(living)) }
                #expect(living.count.load(ordering: .relaxed) == 3)
                queue.drain { _ in }
                #expect(living.count.load(ordering: .relaxed) == 0)
                _ = queue.push(Counted(living))
                queue.close()
                _ = queue.push(Counted(living))
                #expect(living.count.load(ordering: .relaxed) == 1)
            }
            #expect(living.count.load(ordering: .relaxed) == 0)
        }

        /// Three pushers against one consumer that sleeps until it is woken; the limit is met often.
        @Test func manyPushersLoseNothing() throws {
            let perPusher = isOptimised ? 500_000 : 5_000
            let pushers = 3
            let queue = try MailboxQueue<(pusher: Int, number: Int)>(countMax: 64)
            let woken = Gate()
            let ended = Atomic<Int>(0)
            let threads = (0..<pushers).map { pusher in
                TestThread {
                    var number = 0
                    while number < perPusher {
                        switch queue.push((pusher, number), isControl: number % 100 == 0) {
                        case .wake:
                            woken.open()
                            number += 1
                        case .queued: number += 1
                        case .full: sched_yield()
                        case .closed: preconditionFailure("nobody closed")
                        }
                    }
                    if ended.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == pushers {
                        queue.close()
                        woken.open()
                    }
                }
            }
            var next = Array(repeating: 0, count: pushers)
            var disorder = 0
            var isOver = false
            while !isOver {
                woken.pass()
                // Asked before the drain: what was pushed before the close is then in it.
                isOver = queue.isClosed
                queue.drain { element in
                    if element.number != next[element.pusher] { disorder += 1 }
                    next[element.pusher] = element.number + 1
                }
            }
            for thread in threads { thread.join() }
            #expect(next == Array(repeating: perPusher, count: pushers))
            #expect(disorder == 0)
            #expect(queue.count == 0)
        }
    }
}
