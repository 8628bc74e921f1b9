/// Where a loop's handler lives: made on the loop's thread when the loop starts, gone when it ends.
///
/// SAFETY: `@safe` because `place` is initialised by `make` before any callback runs and deinitialised by
/// `drop`, or at the end, after the last; callbacks of one loop never overlap.
@safe
@usableFromInline
final class HandlerBox<Handler: ~Copyable> {
    @usableFromInline let place: UnsafeMutablePointer<Handler>
    private var isMade = false

    @usableFromInline
    init() { unsafe place = .allocate(capacity: 1) }

    deinit {
        drop()
        unsafe place.deallocate()
    }

    @usableFromInline
    func make(_ handler: consuming Handler) {
        unsafe place.initialize(to: handler)
        isMade = true
    }

    @usableFromInline
    func drop() {
        if !isMade { return }
        isMade = false
        unsafe place.deinitialize(count: 1)
    }
}
