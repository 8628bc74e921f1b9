import ZCLibC

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
    @usableFromInline package let address: UnsafeMutablePointer<Value>

    /// Refers to memory that the caller keeps alive and initialised for as long as the reference is used.
    @inlinable
    package init(_ address: UnsafeMutablePointer<Value>) { unsafe self.address = unsafe address }

    /// A place of its own for a value, which the owner gives back by `free`.
    package init(allocating value: consuming Value) {
        unsafe address = .allocate(capacity: 1)
        unsafe address.initialize(to: value)
    }

    /// Destroys the value and gives back the place, which nobody may use any more. For the owner, once.
    package func free() {
        unsafe address.deinitialize(count: 1)
        unsafe address.deallocate()
    }

    /// The value's first field, in place, or a value that begins in the same way.
    ///
    /// - Precondition: what lies there begins with a `Field`; not checked.
    @inlinable @inline(__always)
    package func beginning<Field>(with type: Field.Type) -> LoopOwned<Field> {
        unsafe LoopOwned<Field>(UnsafeMutableRawPointer(address).assumingMemoryBound(to: type))
    }

    /// The value in place.
    @inlinable
    package subscript() -> Value {
        unsafeAddress { unsafe UnsafePointer(address) }
        nonmutating unsafeMutableAddress { unsafe address }
    }
}

/// An object that somebody else keeps, reached without counting references: what lies in values that are made
/// anew for every callback.
///
/// SAFETY: `@safe` because whoever makes one vouches that the object outlives every use, as the host and the
/// cores of a loop outlive its callbacks.
@safe @frozen
@usableFromInline
package struct LoopReference<Object: AnyObject> {
    @usableFromInline let reference: Unmanaged<Object>

    /// Refers to an object that the caller knows to be kept.
    @inlinable @inline(__always)
    package init(_ object: Object) { unsafe reference = .passUnretained(object) }

    /// Runs `body` with the object, which is not retained for it.
    @inlinable @inline(__always)
    package func with<Result>(_ body: (Object) -> Result) -> Result {
        unsafe reference._withUnsafeGuaranteedRef(body)
    }

    /// The object itself, for what a closure cannot be given.
    package var object: Object { unsafe reference.takeUnretainedValue() }
}

/// Carries a value that belongs to one loop through code that may run on any thread, to work that runs on
/// that loop.
///
/// SAFETY: `Sendable` is unchecked because the value is used on its own loop only. Whoever makes one vouches
/// for that.
@usableFromInline
package struct LoopBound<Value>: @unchecked Sendable {
    @usableFromInline package let value: Value

    @usableFromInline
    package init(_ value: Value) { self.value = value }
}

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

    /// An empty cell, to be filled later.
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

/// A value behind a POSIX mutex, for what happens once per connection or less: no message ever waits for it.
///
/// `Synchronization.Mutex` would do, but two tools cannot see it: the thread sanitizer takes its contended
/// way, which lies in the uninstrumented standard library, for a race, and a probe that counts locks by
/// interposing cannot count a compare-and-swap. Any thread.
///
/// A closure goes in as a member of a struct: by itself it would be wrapped anew each time it is looked at
/// here, and stay so, as the compiler fits functions to generic code.
///
/// SAFETY: `@safe` and unchecked `Sendable` because the value is reached only inside `withLock`, under the
/// mutex.
@safe
package final class Locked<Value: ~Copyable>: @unchecked Sendable {
    private var value: Value
    /// On the heap, as a mutex must not move.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    package init(_ value: consuming sending Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        let status = unsafe pthread_mutex_init(mutex, nil)
        precondition(status == 0, "expected a mutex, got errno \(status)")
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs `body` alone. Not reentrant.
    @discardableResult
    package func withLock<Result: ~Copyable>(_ body: (inout Value) -> sending Result) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
