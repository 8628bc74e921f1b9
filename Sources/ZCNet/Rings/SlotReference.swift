/// A slot of a ring, lent in place until the end that lent it advances.
///
/// ```swift
/// if let slot = producer.set() { slot.value.sequence = 7 }
/// ```
/// The ring owns the slot. The reference can be neither copied nor kept: while it is in use, the end it came
/// from cannot be touched, so advancing under a held slot does not compile. It stays on the thread of that
/// end. Access is a pointer dereference.
///
/// SAFETY: `@safe` because the only makers are the ends of a ring, which tie its lifetime to their own and
/// keep the slot's memory initialised for as long as they live.
@safe @frozen
public struct SlotReference<Slot: ~Copyable>: ~Copyable, ~Escapable {
    @usableFromInline let address: UnsafeMutablePointer<Slot>

    /// The caller narrows the lifetime to that of the end.
    @_lifetime(immortal)
    @inlinable
    init(_ address: UnsafeMutablePointer<Slot>) { unsafe self.address = address }

    /// The slot itself, to be read and written in place. What it holds from its last use is still there.
    @inlinable
    public var value: Slot {
        // Why not addressors: an `unsafeAddress` read through a `let` of a noncopyable type makes the
        // compiler put that `let` in a heap box, one allocation per message.
        _read { yield unsafe address.pointee }
        // Not mutating: under the thread sanitizer the compiler takes a mutating one for an escape of `self`.
        nonmutating _modify { yield unsafe &address.pointee }
    }
}
