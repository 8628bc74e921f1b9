/// Where a role keeps a connection's state, for a protocol layer that knows what lies there. What it is taken
/// for is checked.
///
/// SAFETY: `@safe` because it exists only while the connection does.
@safe @frozen
@usableFromInline
package struct StatePlace {
    @usableFromInline let address: UnsafeMutableRawPointer
    private let kind: Kind

    /// What lies at a role's places.
    @frozen
    @usableFromInline
    package struct Kind {
        fileprivate let state: ObjectIdentifier
        fileprivate let session: ObjectIdentifier?

        /// Asked once for each role.
        @usableFromInline
        init<State>(_ type: State.Type) {
            state = ObjectIdentifier(type)
            session = (type as? any StateWithSession.Type).map { ObjectIdentifier($0.session) }
        }
    }

    @usableFromInline
    init<State>(_ place: LoopOwned<State>, _ kind: Kind) {
        unsafe address = UnsafeMutableRawPointer(place.address)
        self.kind = kind
    }

    /// The state as a whole, or the session that it begins with.
    ///
    /// - Precondition: it is one of that type.
    package func beginning<Field>(with type: Field.Type) -> LoopOwned<Field> {
        let wanted = ObjectIdentifier(type)
        precondition(wanted == kind.state || wanted == kind.session, "expected a state with a \(type)")
        // SAFETY: checked; a struct begins with its first field.
        return unsafe LoopOwned(address.assumingMemoryBound(to: type))
    }
}

/// A state whose first field is a protocol's session.
package protocol StateWithSession {
    /// The type of the session that the state begins with.
    static var session: Any.Type { get }
}

/// The per-connection state of one role: an array in step with the connection table, whose places never move.
///
/// State without size takes no memory at all. A page whose last state has left is kept for the next that is
/// needed, and a second one goes: a role that only begins connections, as HTTP does for WebSocket, holds
/// nothing for those that have gone on to another.
///
/// SAFETY: `@safe` because its owner, a role's closures, reserves and initialises a place before a connection
/// opens, uses it only while that connection exists, and deinitialises it once after the close.
@safe
@usableFromInline
final class StateStore<State> {
    /// SAFETY: `pages[0..<pageCount]` are initialised; a page that is there has room for as many states as a
    /// page of the connection table has slots.
    @usableFromInline let directory: LoopOwned<Directory>

    /// SAFETY: `@safe` because the store frees all of it, and `counts` has as many numbers as `pages` pages.
    @safe @usableFromInline @frozen
    struct Directory {
        @usableFromInline var pages: UnsafeMutablePointer<UnsafeMutablePointer<State>?>
        @usableFromInline var pageCount: Int
        /// How many places of each page are reserved.
        @usableFromInline var counts: UnsafeMutablePointer<UInt16>
        /// A page that nobody has a place on any more.
        @usableFromInline var spare: UnsafeMutablePointer<State>?
    }

    @usableFromInline
    init() {
        let memory = UnsafeMutablePointer<Directory>.allocate(capacity: 1)
        unsafe memory.initialize(
            to: Directory(
                pages: .allocate(capacity: 1), pageCount: 0, counts: .allocate(capacity: 1), spare: nil))
        directory = unsafe LoopOwned(memory)
    }

    deinit {
        for index in 0..<directory[].pageCount { unsafe directory[].pages[index]?.deallocate() }
        unsafe directory[].spare?.deallocate()
        unsafe directory[].pages.deallocate()
        unsafe directory[].counts.deallocate()
        unsafe directory.address.deallocate()
    }

    /// The place of a slot that was reserved.
    @inlinable @inline(__always)
    func place(of id: ConnectionID) -> LoopOwned<State> {
        if MemoryLayout<State>.size == 0 { return Self.anywhere }
        let index = id.slot >> ConnectionTable.pageShift
        precondition(index < directory[].pageCount, "a connection without state")
        guard let page = unsafe directory[].pages[index] else {
            preconditionFailure("a connection without state")
        }
        return unsafe LoopOwned(page + (id.slot & (1 << ConnectionTable.pageShift - 1)))
    }

    /// Puts a state into the place of a slot that was reserved.
    @inlinable
    func fill(_ id: ConnectionID, _ state: State) { unsafe place(of: id).address.initialize(to: state) }

    /// Destroys the state of a slot.
    @inlinable
    func empty(_ id: ConnectionID) { unsafe place(of: id).address.deinitialize(count: 1) }

    /// Makes room for a slot; allocates with the first slot of a page.
    @inlinable
    func reserve(_ id: ConnectionID) {
        if MemoryLayout<State>.size == 0 { return }
        let index = id.slot >> ConnectionTable.pageShift
        if index >= directory[].pageCount { grow(to: index + 1) }
        if unsafe directory[].pages[index] == nil { addPage(index) }
        unsafe directory[].counts[index] += 1
    }

    @usableFromInline
    func addPage(_ index: Int) {
        unsafe directory[].pages[index] =
            directory[].spare ?? .allocate(capacity: ConnectionTable.slotsPerPage)
        unsafe directory[].spare = nil
    }

    /// Gives the room of a slot back, whose state was destroyed. Frees a page at times.
    @inlinable
    func leave(_ id: ConnectionID) {
        if MemoryLayout<State>.size == 0 { return }
        let index = id.slot >> ConnectionTable.pageShift
        unsafe directory[].counts[index] -= 1
        if unsafe directory[].counts[index] == 0 { dropPage(index) }
    }

    @usableFromInline
    func dropPage(_ index: Int) {
        unsafe directory[].spare?.deallocate()
        unsafe directory[].spare = directory[].pages[index]
        unsafe directory[].pages[index] = nil
    }

    @usableFromInline
    func grow(to count: Int) {
        let larger = UnsafeMutablePointer<UnsafeMutablePointer<State>?>.allocate(capacity: count)
        unsafe larger.initialize(repeating: nil, count: count)
        unsafe larger.update(from: directory[].pages, count: directory[].pageCount)
        unsafe directory[].pages.deallocate()
        unsafe directory[].pages = larger
        let counts = UnsafeMutablePointer<UInt16>.allocate(capacity: count)
        unsafe counts.initialize(repeating: 0, count: count)
        unsafe counts.update(from: directory[].counts, count: directory[].pageCount)
        unsafe directory[].counts.deallocate()
        unsafe directory[].counts = counts
        directory[].pageCount = count
    }

    /// Any aligned address does for a value without size.
    @usableFromInline
    static var anywhere: LoopOwned<State> {
        guard let place = unsafe UnsafeMutablePointer<State>(bitPattern: MemoryLayout<State>.alignment) else {
            preconditionFailure("alignments are positive")
        }
        return unsafe LoopOwned(place)
    }
}
