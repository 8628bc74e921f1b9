import ZCNet

@testable import ZCDelivery

/// A retry table as an object, for expectations can neither copy nor change what they are given.
final class TestedTable {
    private var table: RetryTable

    init(policy: RetryPolicy, now: MonotonicInstant, seed: UInt64? = nil) throws {
        table = try RetryTable(policy: policy, now: now, seed: seed)
    }

    var count: Int { table.count }
    var outstandingBytes: Int { table.outstandingBytes }
    var retriedCount: Int { table.retriedCount }
    var nextExpiry: MonotonicInstant? { table.nextExpiry }

    func add(_ message: OutstandingMessage, now: MonotonicInstant) -> RetryAddition {
        table.add(message, now: now)
    }

    func acknowledge(_ id: UInt64, from connection: ConnectionID) -> Bool {
        table.acknowledge(id, from: connection)
    }

    func abandon(_ id: UInt64, from connection: ConnectionID) -> DeadLetter? {
        table.abandon(id, from: connection)
    }

    @discardableResult
    func advance(
        to now: MonotonicInstant, limit: Int = .max, resend: (OutstandingMessage) -> SendResult,
        deadLetter: (DeadLetter) -> Void
    ) -> Int {
        table.advance(to: now, limit: limit, resend: resend, deadLetter: deadLetter)
    }
}
