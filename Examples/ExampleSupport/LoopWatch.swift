import Glibc
import Synchronization
import ZCNet

/// Ends the example when a loop could not go on: a process that lives and refuses everybody is worse than one
/// that is begun anew.
public final class LoopWatch: Observer {
    /// The one of the process.
    public static let shared = LoopWatch()

    private let failed = Atomic<Bool>(false)

    /// Whether a loop has failed.
    public var hasFailed: Bool { failed.load(ordering: .acquiring) }

    /// Says so, and has `serveUntilSignal` shut down what is left.
    public func loopFailed(_ loop: Int, error: SystemError) {
        failed.store(true, ordering: .releasing)
        say("loop \(loop) cannot go on: \(error)", to: STDERR_FILENO)
        kill(getpid(), SIGTERM)
    }
}
