/// A place in memory that one loop owns and that outlives every reference to it.
///
/// State that callbacks can reach again while it is in use (a handler that sends while the loop delivers)
/// must not be held in `inout` parameters or class properties: the first would promise an exclusivity that is
/// not there, the second would check it at run time for every message. State behind a `LoopOwned` is read and
/// written field by field, each access over before the next begins.
///
/// SAFETY: the type is `@safe` because its owner (a loop, a table page, a pool) allocates the memory before
/// the first reference exists and frees it only after the loop's thread has ended. Whoever creates one
/// vouches for that.
@safe @frozen
@usableFromInline
package struct LoopOwned<Value: ~Copyable>: Copyable {
    @usableFromInline let address: UnsafeMutablePointer<Value>

    /// Refers to memory that the caller keeps alive and initialised for as long as the reference is used.
    @inlinable
    package init(_ address: UnsafeMutablePointer<Value>) { unsafe self.address = unsafe address }

    /// The value in place.
    @inlinable
    package subscript() -> Value {
        unsafeAddress { unsafe UnsafePointer(address) }
        nonmutating unsafeMutableAddress { unsafe address }
    }
}
