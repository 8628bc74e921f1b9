/// State that one thread at a time works with, inside an object that many threads hold: reached field by
/// field and without run-time checks of exclusivity, so that callbacks may come back to the object.
///
/// SAFETY: `@safe` because the memory lives as long as the object and is initialised throughout. `Sendable`
/// is unchecked: whoever holds a cell sees to it that one thread at a time uses it, and says how.
@safe
final class ConsumerCell<Value: ~Copyable>: @unchecked Sendable {
    private let address: UnsafeMutablePointer<Value>

    init(_ value: consuming Value) {
        unsafe address = .allocate(capacity: 1)
        unsafe address.initialize(to: value)
    }

    deinit {
        unsafe address.deinitialize(count: 1)
        unsafe address.deallocate()
    }

    /// The value in place.
    subscript() -> Value {
        unsafeAddress { unsafe UnsafePointer(address) }
        unsafeMutableAddress { unsafe address }
    }
}
