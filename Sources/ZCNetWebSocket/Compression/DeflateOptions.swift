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
/// connection holds a context of its own for that direction from its first message on;
/// ``deflateContextBytes(windowBits:memoryLevel:)`` and ``inflateContextBytes(windowBits:)`` say how large.
///
/// **Limits.** Needs the package trait `Deflate`, which is on by default; without it a server or client with
/// such options is refused as misconfigured.
public struct DeflateOptions: Hashable, Sendable {
    /// zlib's effort, 1 (fast) to 9 (small). Measured on repetitive JSON: up to 4 KiB level 3 takes the same
    /// time as 1 and saves another 5% of the bytes, at 64 KiB it takes 1.7 times as long and saves 13%; level
    /// 6 takes 2 to 4 times as long as 1 and saves up to a quarter.
    public var level = 1

    /// Memory for zlib's hash table and symbols, 1 to 9. At 5 those take 16 KiB instead of the 128 KiB of
    /// zlib's usual 8, results are as small, and the reset that every message without takeover needs clears
    /// 8 KiB instead of 64.
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

    /// Messages below this are sent as they are. At 256 bytes compressing takes about 5 µs of the sender and
    /// 1.5 of the receiver, and saves a hundred bytes or two. Has no bearing on what is received.
    public var minimumBytes = 256

    /// The most that a loop promises to the decompressors of connections whose clients take over their
    /// context: ``inflateContextBytes(windowBits:)`` for each, from the handshake on. Beyond it clients are
    /// answered `client_no_context_takeover` and need none of their own, so that nobody is ever closed for
    /// want of what was agreed on. Nil takes half of the loop's memory (`LoopLimits.memoryBytesMax`); never
    /// more than all.
    public var decompressorBytesMax: Int?

    /// The defaults of each setting.
    public init() {}

    /// What one compression context of these settings takes at most, whichever end compresses.
    public var deflateContextBytes: Int {
        Self.deflateContextBytes(
            windowBits: max(serverMaxWindowBits, clientMaxWindowBits), memoryLevel: memoryLevel)
    }

    /// What one compression context takes at most, about 151 KiB with the defaults.
    ///
    /// That is 4 bytes for each byte of the window, 2^(memoryLevel + 9) for tables and symbols, and 7 KiB
    /// whatever the settings. Measured with zlib 1.2.13: 153,632 bytes at 15 and 5, 268,320 at 15 and 8,
    /// 38,944 at 12 and 5, 9,248 at 9 and 1.
    public static func deflateContextBytes(windowBits: Int, memoryLevel: Int) -> Int {
        1 << (windowBits + 2) + 1 << (memoryLevel + 9) + 7 << 10
    }

    /// What one decompression context takes at most: the window, and 8 KiB whatever the settings.
    ///
    /// Measured with zlib 1.2.13: 40,104 bytes at 15, 11,432 at 12, 7,848 at 9; before the first output
    /// 7,320.
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
        try ConfigurationError.check("\(name).decompressorBytesMax", decompressorBytesMax, in: 0...1 << 46)
    }
}

/// Why a message could not be compressed or decompressed.
package struct DeflateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        package let description: String

        /// The peer sent what no compressor sends, or referred to more than the agreed window.
        package static let invalidData = Code(description: "invalid compressed data")
        /// The message ends within a block.
        package static let truncated = Code(description: "truncated compressed data")
        /// The message, decompressed, exceeds its limit.
        package static let messageTooBig = Code(description: "message too big")
        /// The output exceeds its buffer's limit.
        package static let outputFull = Code(description: "output full")
        /// The loop's bound on compression memory, or the system, refused memory.
        package static let outOfMemory = Code(description: "out of memory for compression")
        /// An earlier error left the context of no use until it is reset.
        package static let contextLost = Code(description: "compression context lost")
        /// The parameters are outside of what zlib can do.
        package static let unsupported = Code(description: "unsupported compression parameters")
    }

    /// The kind of error.
    package let code: Code
    /// What would have been right.
    package let expected: String
    /// What came, or there was, in its place.
    package let got: String

    package init(_ code: Code, expected: String, got: String) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The code, what was expected and what came.
    package var description: String { "\(code): expected \(expected), got \(got)" }
}
