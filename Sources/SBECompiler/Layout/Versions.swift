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
    /// Octets that the block of a message of this version has at least: all of it where the schema knows the
    /// version, else up to the last field that the older version has.
    package func length(inVersion version: Int, of schema: SchemaLayout) -> Int {
        if version >= schema.version { return blockLength }
        let isWhole = fields.allSatisfy { $0.isWhole(inVersion: version) }
        return isWhole ? blockLength : fields.map { $0.end(inVersion: version) }.max() ?? 0
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
