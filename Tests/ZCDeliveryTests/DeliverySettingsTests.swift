import TestSupport
import Testing
import ZCDelivery
import ZCNet

/// What queues, stores, acknowledgers and retries may be told: both ends of each setting, and a step beyond.
@Suite struct DeliverySettingsTests {
    @Test func queuesCheckTheirs() {
        let bounds: [Bound<EventQueueLimits>] = [
            Bound(\.eventsMax, 1...1 << 28), Bound(\.bytesMax, 1...1 << 40), Bound(\.keyCells, 1...1 << 24),
            Bound(\.batchEventsMax, 1...1 << 20), Bound(\.batchBytesMax, 1...1 << 30),
        ]
        #expect(unkeptBounds(of: EventQueueLimits(), bounds) { try $0.validate() } == [])
        var limits = EventQueueLimits()
        limits.perKeyEventsMax = nil
        #expect(throws: Never.self) { try limits.validate() }
        limits.perKeyEventsMax = 0
        #expect(throws: ConfigurationError.self) { try limits.validate() }
    }

    @Test func acknowledgersCheckTheirs() {
        let bounds: [Bound<AcknowledgerLimits>] = [
            Bound(\.batchMessagesMax, 1...1 << 20), Bound(\.batchBytesMax, 1...1 << 30),
            Bound(\.queue.eventsMax, 1...1 << 28),
        ]
        #expect(unkeptBounds(of: AcknowledgerLimits(), bounds) { try $0.validate() } == [])
    }

    @Test func storesCheckTheirs() {
        let bounds: [Bound<FileStoreOptions>] = [
            Bound(\.segmentBytesMax, 4096...1 << 40), Bound(\.batchBytesMax, 1024...1 << 30),
            Bound(\.groupBytesMax, 4096...1 << 30), Bound(\.pendingMax, 1...1 << 24),
            Bound(\.pendingBytesMax, 1...1 << 40), Bound(\.producersMax, 1...1 << 24),
            Bound(\.indexSpacingBytes, 4096...1 << 30),
        ]
        #expect(unkeptBounds(of: FileStoreOptions(), bounds) { try $0.validate() } == [])
    }

    @Test func retriesCheckTheirs() {
        let bounds: [Bound<RetryPolicy>] = [
            Bound(\.retriesMax, 0...1000), Bound(\.outstandingMax, 1...1 << 28),
            Bound(\.outstandingBytesMax, 1...1 << 50),
        ]
        #expect(unkeptBounds(of: RetryPolicy(), bounds) { try $0.validate() } == [])
        let changes: [(inout RetryPolicy) -> Void] = [
            { $0.interval = .microseconds(999) }, { $0.interval = .seconds(86_401) }, { $0.backoff = 0.99 },
            { $0.backoff = 16.01 }, { $0.backoff = .nan }, { $0.jitter = -0.01 }, { $0.jitter = 1.01 },
            { ($0.interval, $0.intervalMax) = (.seconds(2), .seconds(1)) },
        ]
        for (index, change) in changes.enumerated() {
            var policy = RetryPolicy()
            change(&policy)
            #expect(throws: ConfigurationError.self, "\(index)") { try policy.validate() }
        }
    }
}
