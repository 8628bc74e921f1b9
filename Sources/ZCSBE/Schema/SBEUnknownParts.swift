/// Groups and data of a newer version, behind those that this version knows: how many there are in a block,
/// by the counts that some schemas' headers and dimensions have. (The standard's "numGroups" and
/// "numVarDataFields".)
@frozen
@usableFromInline
struct SBEUnknownParts {
    @usableFromInline let groups: Int
    @usableFromInline let data: Int

    /// How deep unknown groups may stand in unknown groups. Why: following them takes stack, and the sender
    /// says how deep they are.
    @usableFromInline static var depthMax: Int { 16 }

    @inlinable @inline(__always)
    init(groups: Int, data: Int) {
        self.groups = groups
        self.data = data
    }

    /// What the counts at `position` leave, after the parts that are known. Only in newer messages is there
    /// something unknown; and the reference implementation leaves the counts as its buffer had them.
    @inlinable @inline(__always)
    init<First: SBEPart, Schema: SBESchema>(
        _ extent: borrowing SBEExtent, at position: Int, _ groups: SBEWireInteger?, _ data: SBEWireInteger?,
        known first: First.Type, _ schema: Schema.Type
    ) {
        let version = extent.version
        guard groups != nil || data != nil, version > Schema.version else {
            self.init(groups: 0, data: 0)
            return
        }
        self.init(
            groups: groups.map {
                extent.unsigned($0, from: position, Schema.self) - First._Rules._groups(version)
            } ?? 0,
            data: data.map { extent.unsigned($0, from: position, Schema.self) - First._Rules._data(version) }
                ?? 0)
    }

    /// Whether there are none.
    @inlinable @inline(__always)
    var isEmpty: Bool { groups <= 0 && data <= 0 }

    /// The end of the unknown groups; -1 where the bytes end before they do.
    @inlinable @inline(__always)
    func endOfGroups<Schema: SBESchema>(
        _ extent: borrowing SBEExtent, from position: Int, _ schema: Schema.Type
    ) -> Int {
        guard groups > 0 && position >= 0 else { return position }
        return Self.skip(groups: groups, extent, from: position, depth: 0, schema)
    }

    /// The end of the unknown data; -1 where the bytes end before they do.
    @inlinable @inline(__always)
    func endOfData<Schema: SBESchema>(
        _ extent: borrowing SBEExtent, from position: Int, _ schema: Schema.Type
    ) -> Int {
        data > 0 && position >= 0 ? Self.skip(data: data, extent, from: position, schema) : position
    }

    @usableFromInline
    @inline(never)
    static func skip<Schema: SBESchema>(
        groups: Int, _ extent: borrowing SBEExtent, from position: Int, depth: Int, _ schema: Schema.Type
    ) -> Int {
        guard depth < depthMax else { return -1 }
        let dimension = Schema.dimensions
        var at = position
        for _ in 0..<groups {
            guard dimension.size > 0, dimension.size <= extent.count &- at else { return -1 }
            let length = extent.unsigned(dimension.blockLength, from: at, Schema.self)
            let count = extent.unsigned(dimension.count, from: at, Schema.self)
            let inner = SBEUnknownParts(
                extent, at: at, dimension.groups, dimension.data, known: SBEEnd.self, schema)
            at += dimension.size
            guard inner.isEmpty else {
                at = skip(entries: count, length, inner, extent, from: at, depth: depth, schema)
                if at < 0 { return at }
                continue
            }
            let (size, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow, size <= extent.count &- at else { return -1 }
            at += size
        }
        return at
    }

    private static func skip<Schema: SBESchema>(
        entries: Int, _ length: Int, _ inner: SBEUnknownParts, _ extent: borrowing SBEExtent,
        from position: Int, depth: Int, _ schema: Schema.Type
    ) -> Int {
        var at = position
        for _ in 0..<entries {
            guard length <= extent.count &- at else { return -1 }
            at += length
            if inner.groups > 0 {
                at = skip(groups: inner.groups, extent, from: at, depth: depth + 1, schema)
            }
            if at >= 0, inner.data > 0 { at = skip(data: inner.data, extent, from: at, schema) }
            if at < 0 { return at }
        }
        return at
    }

    @usableFromInline
    @inline(never)
    static func skip<Schema: SBESchema>(
        data: Int, _ extent: borrowing SBEExtent, from position: Int, _ schema: Schema.Type
    ) -> Int {
        let length = Schema.dataLength
        let head = length.offset + length.width
        var at = position
        for _ in 0..<data {
            guard head > 0, head <= extent.count &- at else { return -1 }
            let count = extent.unsigned(length, from: at, Schema.self)
            at += head
            guard count <= extent.count &- at else { return -1 }
            at += count
        }
        return at
    }
}
