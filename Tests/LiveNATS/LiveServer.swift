package import Foundation
package import ZCNATS

/// A server of NATS, started for one test on a port that it picks itself. Which program that is says the
/// environment: `ZCNET_NATS_SERVER`, which `Scripts/interop/nats` sets.
package final class LiveServer {
    package static var program: String? { ProcessInfo.processInfo.environment["ZCNET_NATS_SERVER"] }
    package static var isThere: Bool { program != nil }

    package let url: String
    package let process = Process()
    private let folder: URL

    package struct Failure: Error {}

    /// - Parameters:
    ///   - configuration: lines of the server's own language.
    ///   - port: nil for one that the server picks.
    package init(_ configuration: String = "", jetStream: Bool = false, port: Int? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "zcnet-nats-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let store = folder.appendingPathComponent("store").path
        let file = folder.appendingPathComponent("server.conf")
        let lines =
            "listen: 127.0.0.1:\(port ?? -1)\n" + (jetStream ? "jetstream { store_dir: \"\(store)\" }\n" : "")
            + configuration
        try lines.write(to: file, atomically: true, encoding: .utf8)
        process.executableURL = URL(fileURLWithPath: Self.program ?? "")
        process.arguments = ["-c", file.path, "--ports_file_dir", folder.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        url = try Self.url(process, folder)
    }

    /// What the server writes once it listens.
    private static func url(_ process: Process, _ folder: URL) throws -> String {
        let name =
            "\(URL(fileURLWithPath: Self.program ?? "").lastPathComponent)_\(process.processIdentifier).ports"
        let file = folder.appendingPathComponent(name)
        let deadline = Date(timeIntervalSinceNow: 120)
        while Date() < deadline {
            if let data = try? Data(contentsOf: file),
                let ports = try? JSONSerialization.jsonObject(with: data) as? [String: [String]],
                let url = ports["nats"]?.first
            {
                return url
            }
            guard process.isRunning else { throw Failure() }
            // The server has no other way to say that it listens.
            usleep(20_000)
        }
        throw Failure()
    }

    package func end() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    deinit {
        end()
        try? FileManager.default.removeItem(at: folder)
    }

    /// A client of the server that is connected.
    package func client(
        _ change: (inout NATSOptions) -> Void = { _ in },
        onEvent: @escaping @Sendable (NATSEvent) -> Void = { _ in }
    ) async throws -> NATSClient {
        let client = try makeClient(change, onEvent: onEvent)
        try await client.connect()
        return client
    }

    package func makeClient(
        _ change: (inout NATSOptions) -> Void = { _ in },
        onEvent: @escaping @Sendable (NATSEvent) -> Void = { _ in }
    ) throws -> NATSClient {
        var options = NATSOptions()
        options.servers = [url]
        options.connectTimeout = .seconds(120)
        options.requestTimeout = .seconds(120)
        change(&options)
        let client = try NATSClient(options, onEvent: onEvent)
        try client.start()
        return client
    }
}

/// Waits until something that another thread does holds, for as long as a slow machine may take.
package func eventually(_ condition: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(120)
    while !condition() {
        if ContinuousClock.now > deadline { return false }
        await Task.yield()
        try? await Task.sleep(for: .milliseconds(2))
    }
    return true
}
