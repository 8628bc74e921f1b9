import Synchronization
import ZCNet

/// The members of one room on one loop, for rooms of every kind: who they are, how many, and what is posted
/// to them.
///
/// **Threads.** `post` and `count` from any; all else on the loop's thread only.
///
/// **Complexity.** Joining and leaving are O(1); nothing is locked, or allocated beyond the row.
///
/// SAFETY: `Sendable` is unchecked because the row is touched on the loop's thread only.
package final class LoopMembers<Member>: @unchecked Sendable {
    package let loop: EventLoop
    /// The members. Take the row once for all of a delivery: through the property each member would cost a
    /// check of exclusivity.
    package private(set) var row = MemberRow<Member>()
    // Written on the loop's thread only.
    private let figure = Atomic<Int>(0)
    /// Messages under way to the loop.
    private let pending = Atomic<Int>(0)

    package init(on loop: EventLoop) { self.loop = loop }

    /// How many members there are. Any thread.
    package var count: Int { figure.load(ordering: .relaxed) }

    /// Adds a member; answers its place, which it has until it is told another.
    package func add(_ member: Member) -> Int {
        defer { figure.store(row.all.count, ordering: .relaxed) }
        return row.add(member)
    }

    /// Removes who stands at a place; answers who stands there now, to be told so.
    package func remove(at place: Int) -> Member? {
        defer { figure.store(row.all.count, ordering: .relaxed) }
        return row.remove(at: place)
    }

    /// Changes what is kept of the member at a place.
    package func change(at place: Int, _ change: (inout Member) -> Void) { row.change(at: place, change) }

    /// Has the loop deliver something to the members. Any thread.
    ///
    /// - Parameter deliver: told whether more is due, which is a hint: what is gathered then leaves with what
    ///   follows, at the latest when the turn ends.
    package func post(
        _ deliver: @escaping @Sendable (_ hasMore: Bool) -> Void
    ) -> EventLoop.PostResult {
        pending.add(1, ordering: .relaxed)
        let result = loop.enqueue { [self] in
            deliver(pending.subtract(1, ordering: .relaxed).newValue > 0)
        }
        if result != .posted { pending.subtract(1, ordering: .relaxed) }
        return result
    }
}

/// Members side by side in an array, which know their places.
package struct MemberRow<Member> {
    package private(set) var all: [Member] = []

    package init() {}

    /// Adds a member; answers its place. O(1).
    package mutating func add(_ member: Member) -> Int {
        all.append(member)
        return all.count - 1
    }

    /// Removes who stands at a place, which the last member takes; answers that member, to be told so. O(1).
    package mutating func remove(at place: Int) -> Member? {
        let last = all.removeLast()
        if place == all.count { return nil }
        all[place] = last
        return last
    }

    /// Changes what is kept of the member at a place.
    package mutating func change(at place: Int, _ change: (inout Member) -> Void) { change(&all[place]) }
}
