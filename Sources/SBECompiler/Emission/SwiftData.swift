/// Data of variable length as it is emitted.
struct SwiftData {
    let layout: DataLayout
    /// The property.
    let member: String
    /// The declared type.
    let name: String
    /// The type from outside.
    let path: String
    /// What precedes and follows it.
    var previous = "SBEStart"
    var next = "SBEEnd"
}
