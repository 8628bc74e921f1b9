/// Where in a message decoding or encoding stands.
struct ElementPath: CustomStringConvertible {
    private var names: [String] = []
    private var indices: [Int?] = []

    /// Goes down to a member.
    mutating func push(_ name: String) {
        names.append(name)
        indices.append(nil)
    }

    /// Goes back up.
    mutating func pop() {
        names.removeLast()
        indices.removeLast()
    }

    /// Says which entry of the group, or element of the array, it is.
    mutating func setIndex(_ index: Int?) { indices[indices.count - 1] = index }

    /// The names of the schema's elements, joined by dots: `fuelFigures.speed`.
    var plain: String { names.joined(separator: ".") }

    /// With indices: `fuelFigures[2].speed`.
    var description: String {
        zip(names, indices).map { name, index in index.map { "\(name)[\($0)]" } ?? name }.joined(
            separator: ".")
    }
}
