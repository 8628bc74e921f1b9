import Glibc

/// A parser or machine under test, with what must hold for every input.
protocol FuzzTarget: Sendable {
    /// Names it, and its folder of the corpus.
    var name: String { get }
    /// Words of its language, for mutations to put in.
    var words: [[UInt8]] { get }
    /// The largest input that is tried.
    var bytesMax: Int { get }

    /// An input that is nearly in order.
    func make(_ random: inout FuzzRandom) -> [UInt8]

    /// Checks everything that must hold. All that it draws follows from the input.
    ///
    /// - Returns: what the input came to, in few words; inputs with a new outcome are kept for mutation.
    /// - Throws: what does not hold.
    func check(_ input: [UInt8]) throws -> String
}

extension FuzzTarget {
    var words: [[UInt8]] { [] }
    var bytesMax: Int { 4096 }
}

/// What must hold and does not.
struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// - Throws: the rule, unless it holds.
func expect(_ condition: Bool, _ rule: @autoclosure () -> String) throws {
    if !condition { throw Broken(rule()) }
}

/// A text without its numbers and quoted parts, so that equal outcomes look equal.
func outline(_ text: String) -> String {
    var isQuoted = false
    let scalars = Array(text.unicodeScalars)
    // What came is the input's own: what was expected tells outcomes apart.
    let got = Array(", got".unicodeScalars)
    let end = scalars.indices.first { scalars[$0...].starts(with: got) } ?? scalars.count
    return String(
        scalars[..<end].filter { scalar in
            if scalar == "'" || scalar == "\"" { isQuoted.toggle() }
            return !isQuoted && !("0"..."9").contains(scalar)
        }.prefix(80).map(Character.init))
}

/// Ends the program with a line on standard error.
func fail(_ message: String, status: Int32 = 2) -> Never {
    let line = Array("fuzz: \(message)\n".utf8)
    _ = unsafe write(STDERR_FILENO, line, line.count)
    exit(status)
}
