/// A parameter of permessage-deflate that cannot be accepted: what was expected and what came.
package struct DeflateNegotiationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The parameter's name.
    package let parameter: String
    /// What is allowed.
    package let expected: String
    /// What came.
    package let got: String

    package init(parameter: String, expected: String, got: String) {
        self.parameter = parameter
        self.expected = expected
        self.got = got
    }

    /// One line, of bounded length whatever the peer sent.
    package var description: String {
        "permessage-deflate, \(Self.brief(parameter)): expected \(expected), got \(Self.brief(got))"
    }

    private static func brief(_ text: String) -> String {
        text.utf8.count <= 64 ? text : "\(text.prefix(16))… (\(text.utf8.count) bytes)"
    }
}
