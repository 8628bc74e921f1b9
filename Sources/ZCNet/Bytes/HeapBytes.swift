/// Bytes in an allocation of their own: object header and bytes in one piece, freed together.
///
/// The count is not stored: `SharedBytes` has it, and bytes need no deinitialisation.
@usableFromInline
final class HeapBytes: ManagedBuffer<Void, UInt8> {
    /// An allocation with room for `count` bytes, not yet initialised.
    @usableFromInline
    static func allocate(count: Int) -> HeapBytes {
        let buffer = HeapBytes.create(minimumCapacity: count) { _ in }
        // SAFETY: `create` is called on HeapBytes and makes an instance of the class that it is called on.
        return unsafe unsafeDowncast(buffer, to: HeapBytes.self)
    }

    /// The first byte; valid while the object lives, since tail-allocated memory never moves.
    @usableFromInline
    var start: UnsafeMutableRawPointer {
        unsafe withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0) }
    }
}
