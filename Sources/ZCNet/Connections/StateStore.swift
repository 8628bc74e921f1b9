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
/// State without size takes no memory at all.
///
/// SAFETY: `@safe` because its owner, a role's closures, reserves and initialises a place before a connection
/// opens, uses it only while that connection exists, and deinitialises it once after the close.
@safe
@usableFromInline
final class StateStore<State> {
    /// SAFETY: `pages[0..<pageCount]` are initialised; a page that is there has room for as many states as a
    /// page of the connection table has slots.
    @usableFromInline let directory: LoopOwned<Directory>

    @safe @usableFromInline @frozen
    struct Directory {
        @usableFromInline var pages: UnsafeMutablePointer<UnsafeMutablePointer<State>?>
        @usableFromInline var pageCount: Int
    }

    @usableFromInline
    init() {
        let memory = UnsafeMutablePointer<Directory>.allocate(capacity: 1)
        unsafe memory.initialize(to: Directory(pages: .allocate(capacity: 1), pageCount: 0))
        directory = unsafe LoopOwned(memory)
    }

    deinit {
        for index in 0..<directory[].pageCount { unsafe directory[].pages[index]?.deallocate() }
        unsafe directory[].pages.deallocate()
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
    @usableFromInline
    func reserve(_ id: ConnectionID) {
        if MemoryLayout<State>.size == 0 { return }
        let index = id.slot >> ConnectionTable.pageShift
        if index >= directory[].pageCount { grow(to: index + 1) }
        if unsafe directory[].pages[index] == nil {
            unsafe directory[].pages[index] = .allocate(capacity: ConnectionTable.slotsPerPage)
        }
    }

    private func grow(to count: Int) {
        let larger = UnsafeMutablePointer<UnsafeMutablePointer<State>?>.allocate(capacity: count)
        unsafe larger.initialize(repeating: nil, count: count)
        unsafe larger.update(from: directory[].pages, count: directory[].pageCount)
        unsafe directory[].pages.deallocate()
        unsafe directory[].pages = larger
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
