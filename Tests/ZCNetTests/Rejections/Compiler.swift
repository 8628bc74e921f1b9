import Glibc

/// The compiler as a user of the package would run it: against the modules that this test was built with, in
/// the Swift 6 mode, without any further flag.
struct Compiler: Sendable {
    struct Outcome: Sendable {
        let status: Int32
        let output: String
    }

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private let executable: String
    /// Where the test's binary lies, next to the modules.
    private let products: String

    init() throws {
        products = try Self.directoryOfTestBinary()
        executable = try Self.find()
        guard unsafe access(products + "/Modules/ZCNet.swiftmodule", R_OK) == 0 else {
            throw Missing(description: "no module ZCNet in \(products)/Modules")
        }
    }

    /// Compiles one file to an object, since lifetimes are checked only after type checking.
    func compile(_ path: String) async throws -> Outcome {
        await CompilerSlots.shared.acquire()
        let outcome = await withCheckedContinuation { continuation in
            // Why a thread: waiting for a process would hold one of the few threads that all tests share.
            DetachedThread.run { continuation.resume(returning: self.compileBlocking(path)) }
        }
        await CompilerSlots.shared.release()
        return outcome
    }

    private func compileBlocking(_ path: String) -> Outcome {
        var template = Array("/tmp/zcnet-fixture-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            return Outcome(status: -1, output: "no temporary folder")
        }
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let (object, log) = (directory + "/fixture.o", directory + "/log")
        defer {
            unsafe unlink(object)
            unsafe unlink(log)
            unsafe rmdir(directory)
        }
        let arguments = [
            executable, "-c", "-swift-version", "6", "-module-name", "Fixture", "-I", products + "/Modules",
            "-Xcc", "-fmodule-map-file=" + products + "/CZCNet.build/module.modulemap",
            // What SwiftPM does for a package's own system libraries.
            "-Xcc", "-fmodule-map-file=" + Self.zlibModuleMap, "-o", object, path,
        ]
        let status = Self.run(arguments, log: log)
        return Outcome(status: status, output: TextFile.contents(of: log))
    }

    /// The repository's module map for zlib.
    private static var zlibModuleMap: String {
        let folders = #filePath.split(separator: "/").dropLast(4)
        return "/" + folders.joined(separator: "/") + "/Sources/CZlib/module.modulemap"
    }

    /// Runs a program with its output in a file; returns its exit status, or -1 when it could not be run or
    /// was killed.
    private static func run(_ arguments: [String], log: String) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)

        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        var process: pid_t = 0
        guard unsafe posix_spawn(&process, arguments[0], &actions, nil, &pointers, environ) == 0 else {
            return -1
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) == -1 { if errno != EINTR { return -1 } }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
    }

    private static func directoryOfTestBinary() throws -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw Missing(description: "the test's own path is unknown") }
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let slash = path.lastIndex(of: "/") else { throw Missing(description: "no folder in \(path)") }
        return String(path[..<slash])
    }

    /// `SWIFT_EXEC` where it is set, otherwise the first `swiftc` in the path.
    private static func find() throws -> String {
        if let named = environment("SWIFT_EXEC"), named.hasSuffix("swiftc"), unsafe access(named, X_OK) == 0 {
            return named
        }
        for folder in (environment("PATH") ?? "").split(separator: ":") {
            let candidate = String(folder) + "/swiftc"
            if unsafe access(candidate, X_OK) == 0 { return candidate }
        }
        throw Missing(description: "no swiftc in the path")
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
