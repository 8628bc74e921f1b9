import CZCNet
import Glibc

@testable import ZCNet

/// An example as a process of its own, beside the test's binary. Killed when nobody needs it any more.
final class ExampleProcess {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let id: pid_t
    /// Where it says that it listens.
    let address: SocketAddress
    private var isRunning = true

    init(_ name: String, _ arguments: [String]) throws {
        var own = [CChar](repeating: 0, count: 4096)
        let length = unsafe readlink("/proc/self/exe", &own, own.count - 1)
        guard length > 0 else { throw Failure(description: "no path of the test's binary") }
        let path = String(decoding: own[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        var ends: [Int32] = [-1, -1]
        guard unsafe zc_pipe(&ends) == 0 else { throw Failure(description: "no pipe") }
        defer { Glibc.close(ends[0]) }
        _ = fcntl(ends[0], F_SETFL, 0)
        id = try Self.spawn("/\(folder)/\(name)", arguments, output: ends[1])
        Glibc.close(ends[1])
        let line = Self.line(from: ends[0])
        let words = line.split(separator: " ")
        guard words.count == 3, words[0] == "listening" else {
            kill(id, SIGKILL)
            throw Failure(description: "expected where it listens, got \(line)")
        }
        address = try SocketAddress(parsing: String(words[2]))
    }

    deinit { if isRunning { _ = end(by: SIGKILL) } }

    private static func spawn(_ path: String, _ arguments: [String], output: Int32) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var id = pid_t()
        let status = unsafe posix_spawn(&id, path, &actions, nil, &words, environ)
        guard status == 0 else { throw Failure(description: "\(path): \(Errno(rawValue: status))") }
        return id
    }

    private static func line(from descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(descriptor, &byte, 1) == 1, byte != 10 { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Stops it, and waits until it stands still.
    func stop() throws {
        kill(id, SIGSTOP)
        var status: Int32 = 0
        while unsafe waitpid(id, &status, WUNTRACED) == -1 {
            guard errno == EINTR else { throw Failure(description: "it did not stop: errno \(errno)") }
        }
    }

    /// Has it go on.
    func goOn() { kill(id, SIGCONT) }

    /// Ends it by a signal; its exit status, or nil where the signal ended it.
    func end(by signal: Int32) -> Int32? {
        isRunning = false
        kill(id, signal)
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) == -1 && errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }
}
