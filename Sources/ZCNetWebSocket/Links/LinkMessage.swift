public import ZCNet

/// A whole message, lent to a body of a link for the length of a call.
///
/// The bytes lie where the kernel put them, unmasked in place, unless the message came in pieces, compressed,
/// or while the task was busy. The compiler does not let the message or its views out of the body;
/// ``retain()`` keeps it by name. To send it back costs no copy above 512 bytes.
@safe @frozen
public struct LinkMessage: ~Escapable {
    /// Whether the message is text, checked to be UTF-8.
    public let isText: Bool
    /// The payload. Valid as long as the message.
    public let bytes: RawSpan
    @usableFromInline let lent: LentChunk

    @_lifetime(copy bytes)
    init(isText: Bool, bytes: RawSpan, lent: LentChunk) {
        self.isText = isText
        self.bytes = bytes
        self.lent = lent
    }

    /// How many bytes there are.
    public var count: Int { bytes.byteCount }

    /// The text, copied; of a binary message what its bytes would be as UTF-8, repaired.
    public var text: String { bytes.text }

    /// Keeps the message beyond the body, without a copy where it lies in the loop's memory: then what is
    /// kept is the whole chunk of the loop (by default 512 KiB) until the last message in it goes.
    public func retain() -> OwnedMessage { OwnedMessage(isText: isText, bytes: lent.retain(bytes)) }
}

/// A whole message that may be kept and sent anywhere.
public struct OwnedMessage: Sendable, Equatable {
    /// Whether the message is text.
    public let isText: Bool
    /// The payload, unmasked and inflated.
    public let bytes: SharedBytes

    /// Makes a message of bytes. That they are UTF-8, where it is text, is the caller's word.
    public init(isText: Bool, bytes: SharedBytes) {
        self.isText = isText
        self.bytes = bytes
    }

    /// Makes a text message.
    public init(_ text: String) { self.init(isText: true, bytes: SharedBytes(text.utf8)) }

    /// Makes a binary message.
    public init(binary bytes: SharedBytes) { self.init(isText: false, bytes: bytes) }

    /// How many bytes there are.
    public var count: Int { bytes.count }

    /// The text, copied; of a binary message what its bytes would be as UTF-8, repaired.
    public var text: String { bytes.bytes.text }
}
