import ZCBytes

/// What is done with a value twin, field by field: it is copied from a view, stored in a message, written as
/// JSON, compared with another, or its ranges are checked.
///
/// A twin has one function, `_visit`, that hands each of its fields to the visitor once, with what the schema
/// says about it. Why one for all purposes, and nothing of it generic or inlined: twins are for tests, tools
/// and slow paths, and a function for each purpose made them most of what a schema's module takes to compile.
///
/// **Ownership.** Shows memory of the view or buffer that the library made it for; there is no other way to
/// have one, and it cannot be kept.
@safe
public struct SBEVisitor: ~Copyable {
    /// What the visitor does with each value that it is shown.
    enum Task { case copy, store, json, ranges, record }

    let task: Task
    let byteOrder: ByteOrder
    /// What is written, of `json`.
    var json = SBEJSONWriter()
    /// What was found, of `ranges`.
    var ranges = SBERangeCheck()
    /// What there is, of `record`.
    var record: [UInt8] = []
    /// Why nothing more is stored.
    var fault: (any Error)?

    // SAFETY: `@safe` because `memory` is readable for `capacity` bytes for as long as the function runs that
    // has made the visitor, of `store` writable and by nobody else; each access is checked against the block,
    // which lies within.
    private let memory: UnsafeMutableRawPointer?
    /// All bytes of the memory.
    let capacity: Int
    /// Where the block begins, and how long it is.
    private(set) var start: Int
    private(set) var length: Int
    /// Of `copy`, where the block's data begin, counted from the block; of `store`, where the next part goes,
    /// counted from the memory.
    var position: Int
    /// Of `copy`, the version that wrote the message.
    let version: Int
    /// Whether groups and data are left out.
    private let hasFieldsOnly: Bool

    /// Writes JSON, looks at ranges, or keeps a record.
    init(_ task: Task) {
        self.task = task
        byteOrder = .littleEndian
        unsafe memory = nil
        (capacity, start, length, position, version) = (0, 0, 0, 0, 0)
        hasFieldsOnly = false
    }

    /// Prepares a visitor that copies a view's fields into a twin.
    init<Block: SBEBlock>(copying view: borrowing SBEView<Block>) {
        task = .copy
        byteOrder = Block.Schema.byteOrder
        unsafe memory = UnsafeMutableRawPointer(mutating: view.extent.start)
        (capacity, start) = (view.extent.count, 0)
        (length, position, version) = (view.length, view.tail, view.extent.version)
        hasFieldsOnly = false
    }

    /// Stores in a block, and writes groups and data behind it unless they are left out.
    init<Block: SBEBlock, Part: SBEPart>(
        storingIn encoder: borrowing SBEEncoder<Block, Part>, hasFieldsOnly: Bool
    ) {
        task = .store
        byteOrder = Block.Schema.byteOrder
        unsafe memory = encoder.buffer
        capacity = encoder.capacity
        (start, length, position) = (encoder.start, encoder.length, encoder.position)
        version = Block.Schema.version
        self.hasFieldsOnly = hasFieldsOnly
    }

    /// Whether groups and data are wanted.
    var wantsParts: Bool { !hasFieldsOnly && fault == nil }

    /// What is to be thrown.
    func check() throws { if let fault { throw fault } }

    /// Appends the bits of a value to the record that twins are compared by.
    mutating func keep<Value: SBEPrimitive>(_ value: Value) {
        unsafe withUnsafeBytes(of: value.sbeBits) { unsafe record.append(contentsOf: $0) }
    }

    /// Keeps whether something is there.
    mutating func keep(isThere: Bool) { record.append(isThere ? 1 : 0) }

    // MARK: Memory

    /// The value at an offset of the block.
    func load<Value: SBEPrimitive>(_ offset: Int, as type: Value.Type = Value.self) -> Value {
        let bytes = unsafe bytes(offset, MemoryLayout<Value.Bits>.size)
        // SAFETY: within the block; every bit pattern is an integer.
        let bits = unsafe bytes.loadUnaligned(as: Value.Bits.self)
        return Value(sbeBits: byteOrder.applied(to: bits))
    }

    /// Writes a value at an offset of the block.
    func store<Value: SBEPrimitive>(_ value: Value, _ offset: Int) {
        let bytes = unsafe bytes(offset, MemoryLayout<Value.Bits>.size)
        // SAFETY: within the block; the store needs no alignment.
        unsafe bytes.storeBytes(of: byteOrder.applied(to: value.sbeBits), as: Value.Bits.self)
    }

    /// The bytes at an offset of the block, copied.
    func octets(_ offset: Int, _ count: Int) -> [UInt8] {
        // SAFETY: within the block.
        unsafe Array(UnsafeRawBufferPointer(start: bytes(offset, count), count: count))
    }

    /// Writes bytes at an offset of the block, and zeros behind them up to a size.
    func store(_ octets: [UInt8], _ offset: Int, size: Int) {
        let target = unsafe bytes(offset, size)
        // SAFETY: within the block; the caller has checked that the bytes are not more than that.
        unsafe target.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        unsafe octets.withUnsafeBytes { source in
            if let from = source.baseAddress { unsafe target.copyMemory(from: from, byteCount: source.count) }
        }
    }

    /// Where bytes of the block are.
    @unsafe
    private func bytes(_ offset: Int, _ size: Int) -> UnsafeMutableRawPointer {
        guard let memory = unsafe memory, offset >= 0, size >= 0, offset <= length - size else {
            preconditionFailure("outside of the block")
        }
        return unsafe memory + (start + offset)
    }

    /// Where the memory begins, of `copy` and `store`.
    @unsafe
    var base: UnsafeMutableRawPointer {
        guard let memory = unsafe memory else { preconditionFailure("outside of the message") }
        return unsafe memory
    }

    /// Goes into a composite that lies at an offset of the block, and back.
    mutating func inside(_ offset: Int, size: Int?, _ body: (inout SBEVisitor) -> Void) {
        guard task == .copy || task == .store else { return body(&self) }
        let outer = (start, length)
        // Of a received composite, what is behind it in the block counts as its own; only its fields are
        // read.
        let inner = size ?? outer.1 - offset
        precondition(offset >= 0 && inner >= 0 && offset <= outer.1 - inner, "outside of the block")
        (start, length) = (outer.0 + offset, inner)
        body(&self)
        (start, length) = outer
    }
}

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
