/// What became of a room's messages: a snapshot, taken by ``Rooms/counts(_:)``.
///
/// Every member that a publication was meant for is counted once, in `delivered`, `refused`, `closed` or
/// `unreached`; whom a publication excepts is not counted.
public struct RoomCounts: Hashable, Sendable {
    /// Rooms that have members; 1 or 0 for a single one.
    public internal(set) var rooms = 0
    /// Members now; who is in several rooms counts in each.
    public internal(set) var members = 0
    /// Publications, those to empty rooms included.
    public internal(set) var published = 0
    /// Messages that a member's connection took.
    public internal(set) var delivered = 0
    /// Messages that were refused because a member's output was at its limit; what follows is that
    /// connection's overflow policy.
    public internal(set) var refused = 0
    /// Messages to members that were on their way out.
    public internal(set) var closed = 0
    /// Messages to the members of loops whose mailboxes were full or that had ended.
    public internal(set) var unreached = 0

    init() {}

    /// The sums of both.
    static func += (left: inout RoomCounts, right: RoomCounts) {
        left.rooms += right.rooms
        left.members += right.members
        left.published += right.published
        left.delivered += right.delivered
        left.refused += right.refused
        left.closed += right.closed
        left.unreached += right.unreached
    }
}
