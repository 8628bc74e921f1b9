/// Where a connection's link is kept from the connection's opening to its end, as a part of the connection's
/// state: looking at it counts no references.
package struct LinkPlace<Core: AnyObject> {
    private var kept: Core?
    /// The link; nil before the opening and behind the end. What callbacks look at.
    package private(set) var link: LoopReference<Core>?

    package init() {}

    /// The connection has opened.
    package mutating func fill(_ core: Core) {
        kept = core
        link = LoopReference(core)
    }

    /// The connection is over: the task alone has its link from now on.
    package mutating func empty() {
        link = nil
        kept = nil
    }
}

/// A link that has just opened, on its way from its loop to the task that asked for it; the task goes to the
/// lane first, as the link itself is the loop's.
package struct OpenedLink<Core: AnyObject>: Sendable {
    package let core: LoopBound<Core>
    package let lane: LoopLane

    package init(core: LoopBound<Core>, lane: LoopLane) {
        self.core = core
        self.lane = lane
    }
}
