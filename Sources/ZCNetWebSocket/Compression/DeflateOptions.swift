import ZCNet

/// How messages are compressed (permessage-deflate, RFC 7692) where the peer agrees to it.
///
/// ```swift
/// var deflate = DeflateOptions()
/// deflate.level = 6
/// deflate.serverMaxWindowBits = 12
/// ```
/// The defaults cost an idle connection nothing: without context takeover every message is compressed by
/// itself, so a loop's connections share its few compression contexts. With takeover in a direction each
/// connection holds a context of its own for that direction from its first message on; ``deflateContextBytes``
/// and ``inflateContextBytes(windowBits:)`` say how large.
///
/// **Limits.** Needs the package trait `Deflate`, which is on by default; without it a server or client with
/// such options is refused as misconfigured.
public struct DeflateOptions: Hashable, Sendable {
    /// zlib's effort, 1 (fast) to 9 (small). On messages of a few kilobytes anything above 1 costs time out
    /// of proportion to the bytes it saves.
    public var level = 1

    /// Memory for zlib's hash table and symbols, 1 to 9. At 5 those take 24 KiB; a reset, which every message
    /// without takeover needs, then clears 8 KiB instead of the 64 KiB of zlib's usual 8.
    public var memoryLevel = 5

    /// Whether the server compresses every message by itself. On: the server needs no compressor, and the
    /// client no decompressor, per connection.
    public var serverNoContextTakeover = true

    /// Whether the client compresses every message by itself. On: the client needs no compressor, and the
    /// server no decompressor, per connection.
    public var clientNoContextTakeover = true

    /// The most that the server's compressor looks back, as a power of two: 9 (512 bytes) to 15 (32 KiB).
    ///
    /// The protocol also knows 8, but zlib's raw streams cannot be made with a window of 256 bytes; a peer
    /// that insists on 8 for what this side compresses gets no compression.
    public var serverMaxWindowBits = 15

    /// The most that the client's compressor looks back, as a power of two: 9 to 15. A server can ask it only
    /// of clients that say they can be asked.
    public var clientMaxWindowBits = 15

    /// Messages below this are sent as they are: compressing them costs more than the bytes it saves. Has no
    /// bearing on what is received.
    public var minimumBytes = 256

    /// The defaults.
    public init() {}

    /// What one compression context of these settings takes at most: the server's, which are no smaller
    /// than the client's unless the window bits say otherwise. Measured: zlib's own figures and the blocks'
    /// overhead.
    public var deflateContextBytes: Int {
        Self.deflateContextBytes(
            windowBits: max(serverMaxWindowBits, clientMaxWindowBits), memoryLevel: memoryLevel)
    }

    /// What one compression context takes: 4 bytes for each byte of the window, 2^(memoryLevel + 9) for
    /// tables and symbols, and 7 KiB whatever the settings. 46 KiB at 12 and 5... 268 KiB at 15 and 8.
    public static func deflateContextBytes(windowBits: Int, memoryLevel: Int) -> Int {
        1 << (windowBits + 2) + 1 << (memoryLevel + 9) + 7 << 10
    }

    /// What one decompression context takes: the window, and 8 KiB whatever the settings.
    public static func inflateContextBytes(windowBits: Int) -> Int { 1 << windowBits + 8 << 10 }

    /// Whether this build can compress.
    package static var isAvailable: Bool {
        #if Deflate
            true
        #else
            false
        #endif
    }

    package func validate(_ name: String = "deflate") throws(ConfigurationError) {
        guard Self.isAvailable else {
            throw ConfigurationError(
                field: name, expected: "a build with the package trait Deflate", got: "one without it")
        }
        try ConfigurationError.check("\(name).level", level, in: 1...9)
        try ConfigurationError.check("\(name).memoryLevel", memoryLevel, in: 1...9)
        try ConfigurationError.check("\(name).serverMaxWindowBits", serverMaxWindowBits, in: 9...15)
        try ConfigurationError.check("\(name).clientMaxWindowBits", clientMaxWindowBits, in: 9...15)
        try ConfigurationError.check("\(name).minimumBytes", minimumBytes, in: 0...1 << 30)
    }
}
