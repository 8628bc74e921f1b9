/// A message as a tree, from the schema alone.
package struct DynamicMessage: Hashable, Sendable {
    /// The message's name in the schema.
    package var name: String
    package var templateId: Int
    /// The members of the header's composite.
    package var header: JSONValue
    /// Octets from the header to the end of the message, which may be less than were given.
    package var consumed: Int
    /// Paths of the elements that are newer than the message, sorted, each once.
    package var absent: [String]
    /// Fields, groups and data in the order of the schema.
    package var fields: JSONValue

    /// The object that `zcsbe decode` prints.
    package var json: JSONValue {
        .members([
            "message": .string(name), "templateId": .integer(templateId), "header": header,
            "consumed": .integer(consumed), "absent": .array(absent.map(JSONValue.string)), "fields": fields,
        ])
    }
}
