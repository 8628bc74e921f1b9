/// A file descriptor, or its stand-in in a simulation. Plain number: whoever holds it does not own it.
@frozen
@usableFromInline
package struct Descriptor: RawRepresentable, Hashable, Sendable {
    /// The number.
    @usableFromInline package let rawValue: Int32

    /// Wraps a number.
    @inlinable
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// No descriptor.
    static let none = Descriptor(rawValue: -1)

    /// How many the process may have open now (RLIMIT_NOFILE); nil where the kernel does not say.
    static var countMax: Int? { SystemCalls.descriptorsMax }
}
