extension FieldLayout {
    /// Offset behind the last octet that messages of this version have of the field; the begin of its block
    /// where they have none of it.
    package func end(inVersion version: Int) -> Int {
        guard sinceVersion <= version, presence != .constant else { return 0 }
        guard case .composite(let composite) = value else { return end }
        let last = composite.members.map { $0.end(inVersion: version) }.max() ?? 0
        return last == 0 ? 0 : offset + last
    }
}

extension BlockLayout {
    /// Octets that the block of a received message of this version must have: all of it, or, in older
    /// messages, those up to the last field that the version has. How long the block was beyond, only the
    /// older schema knows.
    package func requiredLength(inVersion version: Int, of schema: SchemaLayout) -> Int {
        version >= schema.version ? blockLength : fields.map { $0.end(inVersion: version) }.max() ?? 0
    }

    /// Octets of the block in a message of this version that is to be written: all of it unless fields are
    /// newer, else up to the last field that the version has.
    package func length(inVersion version: Int, of schema: SchemaLayout) -> Int {
        let isWhole = fields.allSatisfy { $0.isWhole(inVersion: version) }
        return isWhole ? blockLength : requiredLength(inVersion: version, of: schema)
    }
}

extension FieldLayout {
    /// Whether messages of this version have the field with all its members.
    fileprivate func isWhole(inVersion version: Int) -> Bool {
        guard sinceVersion <= version else { return false }
        guard case .composite(let composite) = value else { return true }
        return composite.members.allSatisfy { $0.isWhole(inVersion: version) }
    }
}
