/// What lives on a loop and takes its driver's completions: in this library the `ConnectionHost`.
///
/// Everything is called on the loop's thread.
package protocol LoopTenant: CompletionSink {
    /// The loop is up.
    func start()
    /// A timer is due.
    func timerExpired(_ payload: TimerPayload, id: TimerID)
    /// Tasks of the loop are ready: runs a generation of their jobs, and watches how long each takes.
    func run(_ lane: LoopLane)
    /// All completions, messages and timers of this turn were handled: write what was gathered.
    func turnEnded(completions: Int)
    /// Ends what lives here by the deadline; the loop ends once `isDrained`.
    func beginShutdown(by deadline: MonotonicInstant)
    /// How many connections live here.
    var connectionCount: Int { get }
    /// Whether nothing is left to be drained.
    var isDrained: Bool { get }
    /// The loop ends; the last call.
    func stop()
}
