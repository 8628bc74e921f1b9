/// A place in memory for one value that the cell owns, reached field by field and without run-time checks of
/// exclusivity, so that callbacks may come back to the object that holds the cell.
///
/// The value is there from the beginning, or put in later by `fill`: what a loop's handler needs, which is
/// made on the loop's thread and gone before the loop's end.
///
/// SAFETY: `@safe` because the memory lives as long as the cell, and whoever makes an empty one uses the
/// value only between `fill` and `empty`. `Sendable` is unchecked: whoever holds a cell sees to it that one
/// thread at a time uses it, and says how.
@safe
@usableFromInline
package final class OwnedCell<Value: ~Copyable>: @unchecked Sendable {
    @usableFromInline let address: UnsafeMutablePointer<Value>
    private var isFull: Bool

    /// Nothing yet.
    @usableFromInline
    package init() {
        unsafe address = .allocate(capacity: 1)
        isFull = false
    }

    @usableFromInline
    package init(_ value: consuming Value) {
        unsafe address = .allocate(capacity: 1)
        unsafe address.initialize(to: value)
        isFull = true
    }

    deinit {
        empty()
        unsafe address.deallocate()
    }

    /// Puts the value into an empty cell.
    @usableFromInline
    package func fill(_ value: consuming Value) {
        precondition(!isFull, "a cell is filled once before it is emptied")
        unsafe address.initialize(to: value)
        isFull = true
    }

    /// Destroys the value, where there is one.
    @usableFromInline
    package func empty() {
        if !isFull { return }
        isFull = false
        unsafe address.deinitialize(count: 1)
    }

    /// The value in place.
    @inlinable
    package subscript() -> Value {
        unsafeAddress { unsafe UnsafePointer(address) }
        unsafeMutableAddress { unsafe address }
    }

    /// The place by itself, for code that must not look into the cell for each access. The cell outlives it.
    @inlinable
    package var place: LoopOwned<Value> { unsafe LoopOwned(address) }
}
