/// Elements in numbered places that never move: for state that is looked up by index, once per event.
///
/// ```swift
/// var sessions = Slab<Session>()
/// let index = sessions.insert(Session())
/// sessions[index].bytesReceived += 29
/// let ended = sessions.remove(index)
/// ```
/// Elements lie in pages of about 16 KiB that are made when first needed and stay where they are: nothing
/// moves, whatever is inserted. A removed element's place is the next to be used. Lookup is two loads and a
/// check, no hash.
///
/// **Ownership.** The slab owns its elements and destroys those that are left with itself.
///
/// **Threads.** One thread at a time.
///
/// **Complexity.** Insert, remove and lookup are O(1); a new page costs O(page). Iteration is O(pages), with
/// one word looked at for 64 places. Pages are given back only with the slab.
///
/// **Limits.** At most 2^32 - 2 places.
@safe @frozen
@usableFromInline
package struct Slab<Element: ~Copyable>: ~Copyable {
    // SAFETY: `@safe` because pages and directory belong to the slab alone, and every access checks that its
    // place is occupied.

    /// How many elements there are.
    @inlinable package var count: Int { liveCount }

    @usableFromInline var liveCount = 0
    /// The pages' addresses, `pageCount` of them in a table of `directoryCapacity`.
    @usableFromInline var directory: UnsafeMutablePointer<UnsafeMutableRawPointer>
    @usableFromInline var pageCount = 0
    @usableFromInline var directoryCapacity = 4
    /// The place freed last, which begins the list of free places; `SlabLayout.noPlace` for none.
    @usableFromInline var firstFree = SlabLayout.noPlace

    /// Makes an empty slab, without any page.
    @inlinable
    package init() {
        unsafe directory = .allocate(capacity: 4)
    }

    @inlinable
    deinit {
        for page in 0..<pageCount {
            let start = unsafe directory[page]
            unsafe Self.forEachLive(inPage: start) { offset in
                unsafe Self.element(inPage: start, offset).deinitialize(count: 1)
            }
            unsafe start.deallocate()
        }
        unsafe directory.deallocate()
    }

    /// How many places there are room for without another page.
    @inlinable
    package var capacity: Int { pageCount << Self.layout.shift }

    /// Whether an element lives at the index.
    @inlinable
    package func contains(_ index: SlotIndex) -> Bool {
        let place = Int(index.rawValue)
        guard place >> Self.layout.shift < pageCount else { return false }
        return unsafe Self.isLive(inPage: directory[place >> Self.layout.shift], place & Self.layout.mask)
    }

    /// The element at the index, in place.
    ///
    /// - Precondition: an element lives there.
    @inlinable
    package subscript(index: SlotIndex) -> Element {
        unsafeAddress { unsafe UnsafePointer(address(of: index)) }
        mutating unsafeMutableAddress { unsafe address(of: index) }
    }

    /// Puts an element into the place freed last, or into a new one, and returns which.
    @inlinable
    package mutating func insert(_ element: consuming Element) -> SlotIndex {
        if firstFree == SlabLayout.noPlace { addPage() }
        let place = firstFree
        let page = unsafe directory[Int(place) >> Self.layout.shift]
        let offset = Int(place) & Self.layout.mask
        // SAFETY: a place on the free list holds its link in its first word and no element.
        let memory = unsafe Self.place(inPage: page, offset)
        firstFree = unsafe memory.load(as: UInt32.self)
        unsafe memory.bindMemory(to: Element.self, capacity: 1).initialize(to: element)
        unsafe Self.setLive(true, inPage: page, offset)
        liveCount &+= 1
        return SlotIndex(rawValue: place)
    }

    /// Takes the element out; its index may name another element from now on.
    ///
    /// - Precondition: an element lives there.
    @inlinable
    @discardableResult
    package mutating func remove(_ index: SlotIndex) -> Element {
        let memory = unsafe address(of: index)
        let element = unsafe memory.move()
        // SAFETY: the place holds no element any more and is at least as large as the link.
        unsafe UnsafeMutableRawPointer(memory).storeBytes(of: firstFree, as: UInt32.self)
        firstFree = index.rawValue
        let place = Int(index.rawValue)
        unsafe Self.setLive(false, inPage: directory[place >> Self.layout.shift], place & Self.layout.mask)
        liveCount &-= 1
        return element
    }

    /// Calls `body` with each live element's index, in the order of places.
    ///
    /// The slab cannot change meanwhile; collect indices first where elements are to be removed.
    @inlinable
    package func forEachIndex<Failure: Error>(
        _ body: (SlotIndex) throws(Failure) -> Void
    ) throws(Failure) {
        for page in 0..<pageCount {
            let first = page << Self.layout.shift
            try unsafe Self.forEachLive(inPage: directory[page]) { (offset) throws(Failure) in
                try body(SlotIndex(rawValue: UInt32(truncatingIfNeeded: first + offset)))
            }
        }
    }
}

extension Slab: @unchecked Sendable where Element: Sendable & ~Copyable {
    // SAFETY: the memory belongs to the slab alone; sending the slab sends its elements.
}

extension Slab where Element: ~Copyable {
    /// A constant once the element's type is known.
    @inlinable @inline(__always)
    static var layout: SlabLayout {
        SlabLayout(
            elementStride: MemoryLayout<Element>.stride, elementAlignment: MemoryLayout<Element>.alignment)
    }

    /// The address of the element at the index; traps when none lives there.
    @inlinable @inline(__always)
    func address(of index: SlotIndex) -> UnsafeMutablePointer<Element> {
        let place = Int(index.rawValue)
        precondition(place >> Self.layout.shift < pageCount, "a slab index beyond all pages")
        let page = unsafe directory[place >> Self.layout.shift]
        let offset = place & Self.layout.mask
        precondition(unsafe Self.isLive(inPage: page, offset), "a slab index that names no element")
        return unsafe Self.element(inPage: page, offset)
    }

    @inlinable @inline(__always)
    static func place(inPage page: UnsafeMutableRawPointer, _ offset: Int) -> UnsafeMutableRawPointer {
        unsafe page + (layout.firstPlace + offset * layout.stride)
    }

    @inlinable @inline(__always)
    static func element(
        inPage page: UnsafeMutableRawPointer, _ offset: Int
    ) -> UnsafeMutablePointer<Element> {
        // SAFETY: only called where an element lives.
        unsafe place(inPage: page, offset).assumingMemoryBound(to: Element.self)
    }

    @inlinable @inline(__always)
    static func isLive(inPage page: UnsafeMutableRawPointer, _ offset: Int) -> Bool {
        // SAFETY: a page begins with its bits.
        let word = unsafe page.load(fromByteOffset: (offset >> 6) * 8, as: UInt64.self)
        return word & (1 << UInt64(offset & 63)) != 0
    }

    @inlinable @inline(__always)
    static func setLive(_ isLive: Bool, inPage page: UnsafeMutableRawPointer, _ offset: Int) {
        let bit: UInt64 = 1 << UInt64(offset & 63)
        let byteOffset = (offset >> 6) * 8
        // SAFETY: a page begins with its bits.
        let word = unsafe page.load(fromByteOffset: byteOffset, as: UInt64.self)
        unsafe page.storeBytes(
            of: isLive ? word | bit : word & ~bit, toByteOffset: byteOffset, as: UInt64.self)
    }

    @inlinable
    static func forEachLive<Failure: Error>(
        inPage page: UnsafeMutableRawPointer, _ body: (Int) throws(Failure) -> Void
    ) throws(Failure) {
        for word in 0..<layout.wordCount {
            var bits = unsafe page.load(fromByteOffset: word * 8, as: UInt64.self)
            while bits != 0 {
                try body(word * 64 + bits.trailingZeroBitCount)
                bits &= bits &- 1
            }
        }
    }

    /// Adds a page and chains its places, so that the lowest is used first.
    @usableFromInline
    mutating func addPage() {
        let layout = Self.layout
        let first = pageCount << layout.shift
        precondition(first + layout.placesPerPage <= Int(SlabLayout.noPlace), "a slab is full at 2^32 places")
        if pageCount == directoryCapacity { growDirectory() }
        let page = UnsafeMutableRawPointer.allocate(
            byteCount: layout.pageBytes, alignment: layout.alignment)
        // SAFETY: the page has room for the bits and all places.
        unsafe page.initializeMemory(as: UInt64.self, repeating: 0, count: layout.wordCount)
        for offset in 0..<layout.placesPerPage {
            let isLast = offset + 1 == layout.placesPerPage
            let next = isLast ? firstFree : UInt32(truncatingIfNeeded: first + offset + 1)
            unsafe Self.place(inPage: page, offset).storeBytes(of: next, as: UInt32.self)
        }
        firstFree = UInt32(truncatingIfNeeded: first)
        unsafe directory[pageCount] = unsafe page
        pageCount += 1
    }

    private mutating func growDirectory() {
        let grown = UnsafeMutablePointer<UnsafeMutableRawPointer>.allocate(capacity: directoryCapacity * 2)
        unsafe grown.moveInitialize(from: directory, count: pageCount)
        unsafe directory.deallocate()
        unsafe directory = unsafe grown
        directoryCapacity *= 2
    }
}

/// How a slab's page is divided: a bit per place that tells whether an element lives there, then the places.
@frozen @usableFromInline
struct SlabLayout {
    /// The place number that stands for none.
    @usableFromInline static var noPlace: UInt32 {
        @inlinable get { .max }
    }

    /// The distance between two places: an element, or at least a link of the free list.
    @usableFromInline let stride: Int
    /// The alignment of a page and of its first place: at least a cache line, so that elements of whole lines
    /// share none.
    @usableFromInline let alignment: Int
    /// A page has `1 << shift` places.
    @usableFromInline let shift: Int
    /// Where the first place begins, behind the bits.
    @usableFromInline let firstPlace: Int

    @inlinable @inline(__always) var placesPerPage: Int { 1 << shift }
    @inlinable @inline(__always) var mask: Int { (1 << shift) - 1 }
    @inlinable @inline(__always) var wordCount: Int { (placesPerPage + 63) >> 6 }
    @inlinable @inline(__always) var pageBytes: Int { firstPlace + stride << shift }

    /// The layout for elements of a size: as many as fill 16 KiB, rounded down to a power of two, from 64 (16
    /// where elements exceed 1 KiB) to 4096.
    @inlinable @inline(__always)
    init(elementStride: Int, elementAlignment: Int) {
        alignment = max(elementAlignment, 64)
        let granule = max(elementAlignment, 4)
        stride = (max(elementStride, 4) + granule - 1) & ~(granule - 1)
        let fitting = max(1, 16 * 1024 / stride)
        let floor = stride > 1024 ? 4 : 6
        shift = min(max(Int.bitWidth - 1 - fitting.leadingZeroBitCount, floor), 12)
        let words = max(1, (1 << shift) >> 6)
        firstPlace = (words * 8 + alignment - 1) & ~(alignment - 1)
    }
}

/// The place of an element in a ``Slab``: stable while the element lives, and used again after it was
/// removed.
///
/// An index alone cannot tell a new element from an old one in the same place; where stale indices can turn
/// up, pair it with a generation, as connection ids do.
@frozen
@usableFromInline
package struct SlotIndex: RawRepresentable, Hashable, Sendable, Comparable {
    /// The place, counted from zero.
    @usableFromInline package let rawValue: UInt32

    /// The index of a place; whether something lives there is for the slab to say.
    @inlinable
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Lower places come first.
    @inlinable
    package static func < (left: SlotIndex, right: SlotIndex) -> Bool { left.rawValue < right.rawValue }
}
