/// A name and a value of an object.
package struct JSONMember: Hashable, Sendable {
    package var name: String
    package var value: JSONValue

    /// A member.
    package init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}
