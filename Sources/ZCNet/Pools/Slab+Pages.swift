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
