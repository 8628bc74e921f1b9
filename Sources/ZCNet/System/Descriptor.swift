/// A file descriptor, or its stand-in in a simulation. Plain number: whoever holds it does not own it.
@frozen
public struct Descriptor: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: Int32

    /// Wraps a number.
    @inlinable
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// No descriptor.
    static let none = Descriptor(rawValue: -1)
}
