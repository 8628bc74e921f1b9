import ZCLibC

/// Where small sends wait for the end of the turn, so that the kernel takes them all in one call.
///
/// Who is about to send may write its bytes to `next` beforehand, as far as there is room, and offer them
/// there: then they are not copied. Until they are offered they hold no place, and another's may take it.
///
/// SAFETY: `@safe` because the memory is its own, and `start..<start + count` of a staged send lies within.
@safe
package struct SendStage: ~Copyable {
    let memory: UnsafeMutableRawPointer
    private(set) var used = 0

    /// What one turn may stage; what does not fit is sent at once.
    static var capacity: Int { 1 << 20 }
    /// The largest send that is staged: for more, a call of its own costs less than the copy.
    static var sendBytesMax: Int { 8 << 10 }
    /// The most bytes that one connection may have staged.
    static var connectionBytesMax: Int { 64 << 10 }

    init() { unsafe memory = .allocate(byteCount: Self.capacity, alignment: 64) }

    deinit { unsafe memory.deallocate() }

    func hasRoom(_ count: Int) -> Bool { count <= Self.capacity - used }

    /// Where the next bytes go.
    var next: UnsafeMutableRawPointer { unsafe memory + used }

    /// Puts bytes behind the others; there must be room. Those that were written to `next` stay there.
    @inline(__always)
    mutating func append(_ vectors: IOVectors) {
        if unsafe vectors.count == 1 && vectors.base.pointee.iov_base == next {
            used += vectors.byteCount
            return
        }
        for index in 0..<vectors.count {
            let vector = unsafe vectors.base[index]
            guard let start = unsafe vector.iov_base else { continue }
            unsafe (memory + used).copyMemory(from: start, byteCount: vector.iov_len)
            used += unsafe vector.iov_len
        }
    }

    func bytes(_ start: UInt32, _ count: UInt32) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: memory + Int(start), count: Int(count))
    }

    /// Forgets everything: the kernel has taken it.
    mutating func reset() { used = 0 }
}
