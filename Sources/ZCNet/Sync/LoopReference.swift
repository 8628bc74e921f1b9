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
}
