import Foundation

/// The built `zcsbe`, run as a shell would run it.
struct ToolProcess {
    /// What a run left behind.
    struct Outcome {
        let status: Int32
        /// The standard output.
        let output: [UInt8]
        /// The standard error.
        let complaint: String

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    struct Missing: Error { let path: String }

    private let executable: URL
    /// Where the streams of runs are kept.
    private let folder: TemporaryFolder

    /// The tool beside the test's own binary.
    init(in folder: TemporaryFolder) throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        executable = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("zcsbe")
        guard FileManager.default.isExecutableFile(atPath: executable.path) else {
            throw Missing(path: executable.path)
        }
        self.folder = folder
    }

    /// What a program of the path says on both streams.
    static func output(of name: String, _ arguments: [String], in folder: TemporaryFolder) async throws
        -> String
    {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = path.split(separator: ":").map { "\($0)/\(name)" }
        guard let place = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw Missing(path: name)
        }
        let tool = ToolProcess(executable: URL(fileURLWithPath: place), folder: folder)
        let outcome = try await tool.run(arguments)
        let said = outcome.complaint + outcome.text
        return said.isEmpty && outcome.status != 0 ? "status \(outcome.status)" : said
    }

    private init(executable: URL, folder: TemporaryFolder) {
        self.executable = executable
        self.folder = folder
    }

    /// Runs the tool to its end. Streams are files, so that no pipe can fill up.
    func run(_ arguments: String..., input: [UInt8] = []) async throws -> Outcome {
        try await run(arguments, input: input)
    }

    /// Runs the tool to its end, with the arguments of a list.
    ///
    /// - Parameter isPrivileged: false takes from a superuser's tool what makes a superuser: it may read what
    ///   its user may, and no more.
    func run(
        _ arguments: [String], input: [UInt8] = [], isPrivileged: Bool = true
    ) async throws -> Outcome {
        let files = try (
            input: folder.file("stdin", input), output: folder.file("stdout", []),
            complaint: folder.file("stderr", [])
        )
        let process = Process()
        if isPrivileged || geteuid() != 0 {
            process.executableURL = executable
            process.arguments = arguments
        } else {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
            process.arguments =
                ["--bounding-set", "-all", "--inh-caps", "-all", executable.path] + arguments
        }
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: files.input))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: files.output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: files.complaint))
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = {
                // A signal shows as a status that no command has.
                let isSignal = $0.terminationReason == .uncaughtSignal
                continuation.resume(returning: isSignal ? -$0.terminationStatus : $0.terminationStatus)
            }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return Outcome(
            status: status, output: folder.bytes("stdout"),
            complaint: String(decoding: folder.bytes("stderr"), as: UTF8.self))
    }
}
