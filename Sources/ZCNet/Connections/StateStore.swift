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
    func place(of id: ConnectionID) -> UnsafeMutablePointer<State> {
        if MemoryLayout<State>.size == 0 { return unsafe Self.anywhere }
        let index = id.slot >> ConnectionTable.pageShift
        precondition(index < directory[].pageCount, "a connection without state")
        guard let page = unsafe directory[].pages[index] else {
            preconditionFailure("a connection without state")
        }
        return unsafe page + (id.slot & (1 << ConnectionTable.pageShift - 1))
    }

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
    static var anywhere: UnsafeMutablePointer<State> {
        guard let place = unsafe UnsafeMutablePointer<State>(bitPattern: MemoryLayout<State>.alignment) else {
            preconditionFailure("alignments are positive")
        }
        return unsafe place
    }
}
