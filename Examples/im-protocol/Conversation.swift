/// A channel that people talk in, as its name says whose it is.
///
/// - `group:NAME` is everybody's who is logged in.
/// - `direct:ONE:OTHER` is of these two, named in their order.
/// - `user:NAME` is one user's own: which conversations there are, and how far each is read. The servers
///   write it, and only the user hears it.
public enum Conversation: Hashable, Sendable {
    /// Of everybody who follows it.
    case group(String)
    /// Of two users.
    case direct(String, String)
    /// A user's own, which nobody speaks in.
    case own(String)

    /// The conversation that a channel's name says; nil where it says none.
    public init?(_ channel: String) {
        let parts = channel.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, parts.dropFirst().allSatisfy(Self.isName) else { return nil }
        switch (parts[0], parts.count) {
        case ("group", 2): self = .group(parts[1])
        case ("direct", 3) where parts[1] < parts[2]: self = .direct(parts[1], parts[2])
        case ("user", 2): self = .own(parts[1])
        default: return nil
        }
    }

    /// The channel's name.
    public var channel: String {
        switch self {
        case .group(let name): "group:\(name)"
        case .direct(let one, let other): "direct:\(one):\(other)"
        case .own(let name): "user:\(name)"
        }
    }

    /// Whether a user may hear it.
    public func isHeard(by user: String) -> Bool {
        switch self {
        case .group: true
        case .direct(let one, let other): user == one || user == other
        case .own(let name): user == name
        }
    }

    /// Whether a user may speak in it.
    public func isSpoken(by user: String) -> Bool {
        if case .own = self { return false }
        return isHeard(by: user)
    }

    /// Whether a text is the name of a user or a group: 1 to 32 letters, digits, `-` and `_`.
    public static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
