import Testing
import ZCNetTesting

@testable import ZCNet

extension Rings {
    /// Every interleaving of small histories of the mailbox's core.
    @Suite struct MailboxModelTests {
        typealias Core = MailboxCore<SimulatedCells, SimulatedNodes>

        /// Nodes whose links and contents are plain memory under watch. Addresses are multiples of 8, as real
        /// ones are.
        final class SimulatedNodes: MailboxLinks {
            private let links: [SimulatedSlot]
            let contents: [SimulatedSlot]
            var control: Set<UInt> = []

            init(_ model: Model, count: Int) {
                links = (0..<count).map { _ in SimulatedSlot(model) }
                contents = (0..<count).map { _ in SimulatedSlot(model) }
            }

            func next(of node: UInt) -> UInt { links[Int(node / 8) - 1].read() }
            func setNext(of node: UInt, to next: UInt) { links[Int(node / 8) - 1].write(next) }
            func isControl(_ node: UInt) -> Bool { control.contains(node) }
        }

        final class Scene {
            let core: Core
            let woken: SimulatedEvent
            var taken: [UInt] = []
            var answers: [UInt: MailboxPush] = [:]
            var wakeUps = 0

            init(_ model: Model, nodes: Int, limit: Int) {
                core = Core(
                    cells: SimulatedCells(model, words: [Core.newestWord, Core.countWord]),
                    links: SimulatedNodes(model, count: nodes), limit: limit)
                woken = SimulatedEvent(model)
            }

            /// As `MailboxQueue.push` does it.
            func push(_ number: UInt, isControl: Bool = false) {
                let node = number * 8
                if !isControl && !core.reserve() {
                    answers[number] = .full
                    return
                }
                if isControl { core.links.control.insert(node) }
                core.links.contents[Int(number) - 1].write(number)
                let answer = core.push(node)
                answers[number] = answer
                if answer == .closed && !isControl { core.unreserve(1) }
                if answer == .wake {
                    wakeUps += 1
                    woken.post()
                }
            }

            func drain() {
                core.drain { node in taken.append(core.links.contents[Int(node / 8) - 1].read()) }
            }

            var accepted: Set<UInt> {
                Set(answers.filter { $0.value == .wake || $0.value == .queued }.keys)
            }
        }

        /// Two threads push, the third sleeps until woken.
        private static func burst(pushes: [[UInt]], faults: Set<Fault> = []) -> Explorer.Report {
            let all = pushes.joined()
            return Explorer.explore(threads: pushes.count + 1, faults: faults) { model in
                let scene = Scene(model, nodes: all.count, limit: all.count)
                for numbers in pushes {
                    // Two pushers go without the limit, whose exchanges would multiply the histories.
                    model.thread { for number in numbers { scene.push(number, isControl: pushes.count > 1) } }
                }
                model.thread {
                    while scene.taken.count < all.count {
                        scene.woken.wait()
                        scene.drain()
                    }
                }
                model.finally {
                    if Set(scene.taken) != Set(all) { return "took \(scene.taken)" }
                    if pushes.contains(where: { numbers in scene.taken.filter(numbers.contains) != numbers })
                    {
                        return "out of order: \(scene.taken)"
                    }
                    return scene.core.count == 0 ? nil : "places left over: \(scene.core.count)"
                }
            }
        }

        @Test(arguments: [[[1, 2]], [[1, 2, 3]], [[1], [2]]])
        func eachPushIsTakenInOrderAndNoWakeUpIsLost(pushes: [[UInt]]) {
            let report = Self.burst(pushes: pushes)
            #expect(report.failure == nil)
        }

        @Test func aRelaxedExchangeIsNoticed() {
            // Two pushes: the wake-up itself makes only the first one's node visible.
            let report = Self.burst(pushes: [[1, 2]], faults: [.relaxedExchange(word: Core.newestWord)])
            #expect(report.failure?.contains("data race") == true)
        }

        @Test func whatIsAcceptedBeforeCloseIsTakenAndNothingAfter() {
            let report = Explorer.explore(threads: 2) { model in
                let scene = Scene(model, nodes: 2, limit: 2)
                model.thread { for number in 1...UInt(2) { scene.push(number) } }
                model.thread {
                    model.check(scene.core.close(), "the first close is told that it is")
                    model.check(!scene.core.close(), "the second is not")
                    scene.drain()
                }
                model.finally {
                    if Set(scene.taken) != scene.accepted { return "\(scene.taken) of \(scene.answers)" }
                    return scene.core.count == 0 ? nil : "places left over: \(scene.core.count)"
                }
            }
            #expect(report.failure == nil)
        }

        @Test func theLimitHoldsExceptForControl() {
            let report = Explorer.explore(threads: 2) { model in
                let scene = Scene(model, nodes: 3, limit: 1)
                model.thread { scene.push(1) }
                model.thread {
                    scene.push(2)
                    scene.push(3, isControl: true)
                }
                model.finally {
                    let refused = scene.answers.values.filter { $0 == .full }.count
                    if refused != 1 || scene.answers[3] == .full { return "\(scene.answers)" }
                    // One wake-up for the burst: nobody drained in between.
                    return scene.wakeUps == 1 ? nil : "\(scene.wakeUps) wake-ups"
                }
            }
            #expect(report.failure == nil)
        }
    }
}
