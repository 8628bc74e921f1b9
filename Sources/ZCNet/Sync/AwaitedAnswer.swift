import Synchronization

/// Suspends until the answer that `begin` asks for has come.
///
/// ```swift
/// let result = await awaitedAnswer { answer in
///     connect(to: endpoint) { answer.give($0) }
/// }
/// ```
/// `begin` runs at once, in the calling task. What the giver did before `give` is done for whoever comes back
/// from here.
///
/// **Cost.** A suspension and two small allocations: for what happens once per connection or per question.
package func awaitedAnswer<Value: Sendable>(
    isolation: isolated (any Actor)? = #isolation, _ begin: (AwaitedAnswer<Value>) -> Void
) async -> Value {
    let place = AwaitedAnswer<Value>.Place()
    await withCheckedContinuation(isolation: isolation) { continuation in
        begin(AwaitedAnswer(place: place, continuation: continuation))
    }
    return place.take()
}

/// The one answer that a task waits for. Any thread gives it, exactly once.
///
/// Why not the continuation's own value: where it is resumed before its task has suspended, the runtime goes
/// on at once, and the thread sanitizer is told of nothing that puts the giver before the taker. It takes the
/// first look at what was handed over for a race, here and in programs of users that are tested with it. So
/// the value goes through a place of its own, by a mark that it sees.
package struct AwaitedAnswer<Value: Sendable>: Sendable {
    fileprivate let place: Place
    fileprivate let continuation: CheckedContinuation<Void, Never>

    /// Has the task go on with the answer. Once: a second time is a programmer's error, which traps.
    package func give(_ value: Value) {
        place.put(value)
        continuation.resume()
    }

    /// SAFETY: `Sendable` is unchecked because the value is written once before the mark, and read once
    /// behind it.
    fileprivate final class Place: @unchecked Sendable {
        private var value: Value?
        private let isThere = Atomic<Bool>(false)

        func put(_ value: Value) {
            self.value = value
            isThere.store(true, ordering: .releasing)
        }

        func take() -> Value {
            guard isThere.load(ordering: .acquiring), let value = value.take() else {
                preconditionFailure("expected an answer before its task goes on")
            }
            return value
        }
    }
}

extension AwaitedAnswer<Void> {
    /// Has the task go on.
    package func give() { give(()) }
}
