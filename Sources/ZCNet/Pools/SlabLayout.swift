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
