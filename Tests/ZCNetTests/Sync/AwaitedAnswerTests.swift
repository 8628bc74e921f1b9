import Glibc
import Synchronization
import Testing

@testable import ZCNet

@Suite struct AwaitedAnswerTests {
    /// Something that a thread makes and hands over; its field is looked at without any lock.
    private final class Made: Sendable {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    @Test func anAnswerComesFromAnotherThread() async throws {
        for number in 0..<10 {
            let made = try await answered(early: false, number)
            #expect(made.number == number)
        }
    }

    /// The thread sanitizer must see who was first also where the answer is there before anybody waits for
    /// it: with the value in the continuation it reports a race here.
    @Test func anAnswerThatIsThereBeforeItsTaskWaitsIsSeenAsHandedOver() async throws {
        for number in 0..<10 {
            let made = try await answered(early: true, number)
            #expect(made.number == number)
        }
    }

    @Test func answersOfNothingComeToo() async {
        await awaitedAnswer { (answer: AwaitedAnswer<Void>) in answer.give() }
    }

    /// What both threads look at. Why relaxed: to see that something has happened must not put the two in
    /// order.
    private final class Marks: Sendable {
        let mayGive: Atomic<Bool>
        let isGiven = Atomic<Bool>(false)
        init(mayGive: Bool) { self.mayGive = Atomic(mayGive) }
    }

    /// What another thread answers, before the asking task waits or while it does.
    private func answered(early: Bool, _ number: Int) async throws -> Made {
        let marks = Marks(mayGive: early)
        return try await awaitedAnswer { (answer: AwaitedAnswer<Result<Made, SystemError>>) in
            do throws(SystemError) {
                try PosixThread(name: "answer-test") {
                    while !marks.mayGive.load(ordering: .relaxed) { sched_yield() }
                    answer.give(.success(Made(number)))
                    marks.isGiven.store(true, ordering: .relaxed)
                }.detach()
            } catch {
                return answer.give(.failure(error))
            }
            marks.mayGive.store(true, ordering: .relaxed)
            while early, !marks.isGiven.load(ordering: .relaxed) { sched_yield() }
        }.get()
    }
}
