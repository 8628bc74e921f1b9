/// Where a role keeps a connection's state, for a protocol layer that knows what lies there. What it is taken
/// for is checked.
///
/// SAFETY: `@safe` because it exists only while the connection does.
@safe @frozen
@usableFromInline
package struct StatePlace {
    @usableFromInline let address: UnsafeMutableRawPointer
    private let kind: Kind

    /// What lies at a role's places.
    @frozen
    @usableFromInline
    package struct Kind {
        fileprivate let state: ObjectIdentifier
        fileprivate let session: ObjectIdentifier?

        /// Asked once for each role.
        @usableFromInline
        init<State>(_ type: State.Type) {
            state = ObjectIdentifier(type)
            session = (type as? any StateWithSession.Type).map { ObjectIdentifier($0.session) }
        }
    }

    @usableFromInline
    init(_ address: UnsafeMutableRawPointer, _ kind: Kind) {
        unsafe self.address = unsafe address
        self.kind = kind
    }

    /// The state as a whole, or the session that it begins with.
    ///
    /// - Precondition: it is one of that type.
    package func beginning<Field>(with type: Field.Type) -> LoopOwned<Field> {
        let wanted = ObjectIdentifier(type)
        precondition(wanted == kind.state || wanted == kind.session, "expected a state with a \(type)")
        // SAFETY: checked; a struct begins with its first field.
        return unsafe LoopOwned(address.assumingMemoryBound(to: type))
    }
}

/// A state whose first field is a protocol's session.
package protocol StateWithSession {
    /// The session's type.
    static var session: Any.Type { get }
}
