/// Where a role keeps a connection's state, for a protocol layer that knows what lies there.
///
/// SAFETY: `@safe` because it exists only while the connection does; `beginning(with:)` is where the caller
/// vouches for the type.
@safe @frozen
@usableFromInline
package struct StatePlace {
    @usableFromInline let address: UnsafeMutableRawPointer

    @usableFromInline
    init(_ address: UnsafeMutableRawPointer) { unsafe self.address = unsafe address }

    /// The first field of the state.
    @unsafe
    package func beginning<Field>(with type: Field.Type) -> LoopOwned<Field> {
        unsafe LoopOwned(address.assumingMemoryBound(to: type))
    }
}
