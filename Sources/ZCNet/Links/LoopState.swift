/// What the links of one loop have together: one value for each loop, made on the loop, which need not be
/// `Sendable` and needs no lock.
///
/// ```swift
/// final class Table { var orders: [Int: Int] = [:] }          // not Sendable: one for each loop
/// routes.link("/orders", loopState: { Table() }) { link, table in
///     while let order = try await link.receive({ try Order($0.bytes) }) {
///         let number = try await database.insert(order)
///         table.value.orders[order.id] = number
///     }
/// }
/// ```
/// A link's body runs on its loop, one step at a time among the loop's other tasks: between two `await`s
/// nobody else touches the value, and across one anybody of the same loop may have changed it.
///
/// **Threads.** The loop's. The compiler refuses to send what comes out of it elsewhere; using it behind a
/// `withTaskExecutorPreference` of another executor traps.
///
/// **Ownership.** Lent to the body, as the link is. The value lives as long as the loop serves.
///
/// **Cost.** A comparison of threads and the value's own access; no lock, and no allocation.
@safe @frozen
public struct LoopState<Value>: ~Escapable {
    @usableFromInline let place: LoopStatePlace<Value>

    // SAFETY: lent by the scope that has the link, which keeps the place for its own length.
    @_lifetime(immortal)
    @usableFromInline
    package init(_ place: LoopStatePlace<Value>) { self.place = place }

    /// The value, copied out; where it is an object, the object.
    public var value: Value { place.value }

    /// Lends the value to be changed in place. What is changed is seen by the loop's other links as soon as
    /// this returns.
    ///
    /// - Precondition: not within itself.
    public func withValue<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try place.withValue(body)
    }
}

/// Where one loop's value lies. The loop's thread; once the loop has ended, its tasks', one after the other.
@usableFromInline
package final class LoopStatePlace<Value> {
    private let make: @Sendable () -> Value
    /// Nil before the loop's first link, and while the value is lent.
    private var stored: Value?
    private var lane: LoopLane?

    package init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    /// Makes the value, for the loop's first link.
    package func begin(_ lane: LoopLane) {
        if self.lane != nil { return }
        self.lane = lane
        stored = make()
    }

    private func enter() {
        guard let lane else { preconditionFailure("the state of a loop is made before it is lent") }
        precondition(lane.isCurrent || lane.hasEnded, "the state of a loop is used away from its loop")
    }

    @usableFromInline
    var value: Value {
        enter()
        guard let stored else { preconditionFailure("the state of a loop is read while it is lent") }
        return stored
    }

    @usableFromInline
    func withValue<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        enter()
        // Taken out meanwhile, so that it is changed in place and nobody else sees it half changed.
        guard var value = stored.take() else {
            preconditionFailure("the state of a loop is lent within itself")
        }
        defer { stored = value }
        return try body(&value)
    }
}
