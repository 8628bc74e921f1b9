import Foundation

/// The standard streams: results on one, complaints on the other.
enum Terminal {
    /// Writes a result, as it is.
    static func say(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// Writes octets of a result.
    static func write(_ bytes: [UInt8]) { FileHandle.standardOutput.write(Data(bytes)) }

    /// Writes a line that says what is wrong.
    static func complain(_ message: String) {
        FileHandle.standardError.write(Data("zcsbe: \(message)\n".utf8))
    }

    /// Writes a line for editors and build systems, without the name of the tool before it.
    static func report(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}
