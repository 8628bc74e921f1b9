public struct MetricsSnapshot: Sendable { init(loops: [Int]) {} }
package final class LoopMetrics: Sendable {
    func snapshot() -> Int { 0 }
    var connectionCount: Int { 0 }
    func recordTurn(completions: Int) {}
    func recordReceive(bytes: Int) {}
    func recordSend(bytes: Int) {}
    func recordProtocolError() {}
    func recordOverflow() {}
    func recordDrop(messages: Int) {}
    func recordConflation() {}
    func adjustQueuedBytes(by: Int) {}
    func recordClose(cause: Int) {}
    func recordOpen() {}
    func recordAccept() {}
    func recordAcceptError() {}
    func recordTimer() {}
    func recordSlowCallback(nanoseconds: Int) {}
    func recordCallback(nanoseconds: Int) {}
    func recordPartialSend() {}
    func recordMailbox(messages: Int) {}
    func recordRejection(cause: Int) {}
    func recordRejection(_ r: RejectionReason) {}
}
