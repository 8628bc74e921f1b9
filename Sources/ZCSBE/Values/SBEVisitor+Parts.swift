// Groups and data, for generated code.
extension SBEVisitor {
    /// Visits the entries of a group.
    public mutating func group<Entry: SBEValue>(_ entries: inout [Entry]) where Entry.Block: SBEGroupBlock {
        guard wantsParts else { return }
        let name = Entry.Block.name
        switch task {
        case .copy: entries = copied()
        case .store:
            do { try write(entries) } catch { fail(error) }
        case .json:
            json.key(name)
            json.open("[")
            for var entry in entries {
                json.open("{")
                entry._visit(&self)
                json.close("}")
            }
            json.close("]")
        case .ranges:
            for (index, var entry) in entries.enumerated() {
                let outer = ranges.enter("\(name)[\(index)]")
                entry._visit(&self)
                ranges.leave(to: outer)
            }
        case .record:
            keep(entries.count)
            for var entry in entries { entry._visit(&self) }
        }
    }

    private func copied<Entry: SBEValue>() -> [Entry] where Entry.Block: SBEGroupBlock {
        guard version >= Entry.Block.sinceVersion else { return [] }
        // SAFETY: the memory of the view that is copied, which outlives the visitor.
        let extent = unsafe SBEExtent(start: UnsafeRawPointer(base), count: capacity, version: version)
        let place = Entry.Block._Rules._start(extent, length: length, tail: position)
        var entries: [Entry] = []
        SBEGroup<Entry.Block>(extent, from: place).forEach { entries.append(Entry($0)) }
        return entries
    }

    private mutating func write<Entry: SBEValue>(_ values: [Entry]) throws where Entry.Block: SBEGroupBlock {
        // SAFETY: the memory of the encoder that the visitor was made for, which is used by nobody else.
        var entries = try unsafe SBEEntries<Entry.Block>(buffer: base, capacity: capacity, start: position)
        for value in values {
            try entries.admit()
            let entry = try unsafe SBEEncoder<Entry.Block, Entry.Block.FirstPart>(
                blockIn: base, capacity: capacity, start: entries.position)
            entries.position = try value.write(entry).end
        }
        position = try entries.close()
    }

    /// Data of variable length. Without an encoding they are no text.
    public mutating func data<Part: SBEDataPart>(
        _ value: inout SBEOctets, _ part: Part.Type, _ encoding: SBECharacterEncoding? = nil,
        isASCII: Bool = false
    ) {
        guard wantsParts else { return }
        switch task {
        case .copy: value = copied(part)
        case .store:
            do { try write(value.bytes, part) } catch { fail(error) }
        case .json:
            json.key(Part.name)
            json.value(value, encoding)
        case .ranges: if isASCII { ranges.text(value, Part.name) }
        case .record: keep(value.bytes)
        }
    }

    private func copied<Part: SBEDataPart>(_ part: Part.Type) -> SBEOctets {
        guard version >= Part.sinceVersion else { return SBEOctets() }
        // SAFETY: as in `copied`.
        let extent = unsafe SBEExtent(start: UnsafeRawPointer(base), count: capacity, version: version)
        let place = Part._Rules._start(extent, length: length, tail: position)
        let count = extent.unsigned(Part.length, from: place, Part.Schema.self)
        return SBEOctets(SBEText(extent.bytes(place + Part.dataOffset, count), Part.encoding))
    }

    private mutating func write<Part: SBEDataPart>(_ bytes: [UInt8], _ part: Part.Type) throws {
        // SAFETY: as in `write`.
        let target = try unsafe SBEDataRules<Part>.makeRoom(bytes.count, base, capacity, position)
        // SAFETY: there is room for the bytes.
        unsafe bytes.withUnsafeBytes { source in
            if let from = source.baseAddress { unsafe target.copyMemory(from: from, byteCount: source.count) }
        }
        position += Part.dataOffset + bytes.count
    }
}
