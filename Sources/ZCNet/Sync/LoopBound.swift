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
