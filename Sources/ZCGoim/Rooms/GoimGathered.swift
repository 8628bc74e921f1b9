import ZCNet

/// Messages that wait to be sent to a room as one batch, encoded one behind the other in each form that the
/// room's members speak. All forms have the same messages. One thread at a time.
final class GoimGathered {
    /// When they have waited long enough.
    let due: MonotonicInstant
    /// What the forms take of the memory of one of the room's loops.
    let account: QueueMemory.Account
    private let formats: GoimHeaderFormats
    private(set) var count = 0
    private(set) var plain: WriteBuffer
    private(set) var extended: WriteBuffer

    /// Nothing yet.
    ///
    /// - Parameter formBytesMax: how long each of the forms may get.
    init(
        _ formats: GoimHeaderFormats, _ queues: QueueMemory, due: MonotonicInstant,
        formBytesMax: Int = 1 << 30
    ) {
        self.formats = formats
        account = QueueMemory.Account(queues)
        self.due = due
        plain = WriteBuffer(limit: formBytesMax)
        extended = WriteBuffer(limit: formBytesMax)
    }

    /// The length of the longest form.
    var bytes: Int { max(plain.count, extended.count) }
    /// The memory of all forms.
    var capacity: Int { plain.capacity + extended.capacity }

    /// Adds a message to all forms, or to none: false when there is no room in one of them. Of a batch, as
    /// batches do not nest, what it holds is added.
    func add(_ message: GoimMessage) -> Bool {
        let isBatch = message.operation == .raw
        let plainRow = isBatch && formats.contains(.plain) ? message.row(in: .plain) : nil
        let extendedRow = isBatch && formats.contains(.extended) ? message.row(in: .extended) : nil
        let counts = [plainRow?.count, extendedRow?.count].compactMap { $0 }
        guard !isBatch || Set(counts).count == 1 else { return false }
        defer { account.add(capacity - account.bytes) }
        do throws(WriteBufferError) {
            // Room in all of them comes first: what is appended then cannot fail.
            if formats.contains(.plain) {
                try Self.makeRoom(for: message, plainRow?.bytes, in: &plain, .plain)
            }
            if formats.contains(.extended) {
                try Self.makeRoom(for: message, extendedRow?.bytes, in: &extended, .extended)
            }
            if formats.contains(.plain) { try Self.append(message, plainRow?.bytes, to: &plain, .plain) }
            if formats.contains(.extended) {
                try Self.append(message, extendedRow?.bytes, to: &extended, .extended)
            }
        } catch {
            return false
        }
        count += counts.first ?? 1
        return true
    }

    private static func makeRoom(
        for message: GoimMessage, _ row: SharedBytes?, in form: inout WriteBuffer, _ format: GoimHeaderFormat
    ) throws(WriteBufferError) {
        try form.ensureRoom(for: row?.count ?? format.headerBytes + message.body.count)
    }

    private static func append(
        _ message: GoimMessage, _ row: SharedBytes?, to form: inout WriteBuffer, _ format: GoimHeaderFormat
    ) throws(WriteBufferError) {
        if let row { return try form.append(row.bytes) }
        try form.append(message.header, body: message.body.bytes, format)
    }
}
