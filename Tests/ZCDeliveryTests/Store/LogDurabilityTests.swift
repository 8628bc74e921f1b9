import StoreSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

/// What is told or shown is durable first, in every order of ends of processes, of power and of disks.
@Suite struct LogDurabilityTests {
    /// A store whose process ended right before, or in, the sync of a group that was written whole.
    private func endedBeforeTheSync() throws -> (SimulatedDisk, MessageBatch) {
        let disk = SimulatedDisk(seed: 3)
        let log = try LogScript.log(disk)
        try LogScript.append([LogScript.batch(0)], to: log)
        disk.change { $0.diesAt = $0.operations + 2 }
        #expect(throws: MessageStoreError.self) { try LogScript.append([LogScript.batch(1)], to: log) }
        return (disk, LogScript.batch(1))
    }

    @Test func whatOpeningShowsIsDurable() throws {
        let (disk, last) = try endedBeforeTheSync()
        disk.restart()
        let syncs = disk.syncs
        let log = try LogScript.log(disk)
        #expect(disk.syncs > syncs)
        let found = try LogScript.content(of: log)
        #expect(found == [LogScript.batch(0), last])
        for seed in 0..<40 as Range<UInt64> {
            #expect(try LogScript.content(of: LogScript.log(disk.crashed(seed: seed))) == found)
        }
    }

    @Test func afterAFailedSyncThePageCacheIsNotTrusted() throws {
        for seed in 0..<60 as Range<UInt64> {
            let disk = SimulatedDisk(seed: seed)
            let log = try LogScript.log(disk)
            try LogScript.append([LogScript.batch(0)], to: log)
            disk.change { $0.nextSyncFails = true }
            let error = #expect(throws: MessageStoreError.self) {
                try LogScript.append([LogScript.batch(1), LogScript.batch(2)], to: log)
            }
            #expect(error?.code == .failed)
            log.close()
            disk.restart()
            // Opening may be told to try again, where a page was dropped just then.
            guard let again = try? LogScript.log(disk) else { continue }
            let found = try LogScript.content(of: again)
            #expect(found.first == LogScript.batch(0))
            for crash in 0..<10 {
                let after = try LogScript.content(of: LogScript.log(disk.crashed(seed: UInt64(crash))))
                #expect(after == found, "seed \(seed), crash \(crash)")
            }
        }
    }

    /// Where what was written could not be taken back either, nobody is told that it was refused.
    @Test func aRefusalThatCannotBeKeptIsNone() throws {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        try LogScript.append([LogScript.batch(0)], to: log)
        disk.change {
            $0.capacity = $0.used + 100
            $0.nextSyncFails = true
        }
        let error = #expect(throws: MessageStoreError.self) {
            try LogScript.append([LogScript.batch(1, messages: 1, bytes: 500)], to: log)
        }
        #expect(error?.code == .failed && log.failure?.code == .failed)
    }

    @Test func foldersAboveANewOneAreDurableFirst() throws {
        for seed in 0..<40 as Range<UInt64> {
            let disk = SimulatedDisk(seed: seed)
            // The first process ends when it has made the folders, and before it could sync them.
            disk.change { $0.diesAt = 7 + Int(seed % 4) }
            _ = try? SegmentLog("a/b/c", LogScript.options(), disk)
            disk.restart()
            let log = try SegmentLog("a/b/c", LogScript.options(), disk)
            try LogScript.append([LogScript.batch(0)], to: log)
            let again = try SegmentLog("a/b/c", LogScript.options(), disk.crashed(seed: seed))
            #expect(try LogScript.content(of: again) == [LogScript.batch(0)])
        }
    }

    @Test func aFullFileIsDurableBeforeItsSuccessor() throws {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        var number = 0
        while log.segments.count < 2 {
            try LogScript.append([LogScript.batch(number)], to: log)
            number += 1
        }
        let path = try #require(disk.paths.first)
        let length = disk.bytes(of: path).count
        #expect(length == log.segments[0].end + RecordHeader.byteCount)
        for seed in 0..<20 as Range<UInt64> {
            #expect(disk.crashed(seed: seed).bytes(of: path).count == length, "with its mark")
        }
    }

    /// A failed sync of the folder leaves a log that has to be opened again, not one that cannot release.
    @Test func aFailedReleaseIsFoundOut() throws {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        for number in 0..<150 { try LogScript.append([LogScript.batch(number)], to: log) }
        let files = disk.paths.count
        disk.change { $0.fails = $0.operations + 2..<$0.operations + 3 }
        let error = #expect(throws: MessageStoreError.self) { try log.release(before: log.head.next) }
        #expect(error?.code == .failed && disk.paths.count == files - 1)
        disk.restart()
        log.close()
        let again = try LogScript.log(disk)
        try again.release(before: again.head.next)
        #expect(disk.paths.count == 1)
    }

    /// A refused batch must not cost another producer its place.
    @Test func aRefusedBatchMakesNobodyForgotten() throws {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk, LogScript.options { $0.producersMax = 1 })
        var batch = LogScript.batch(0)
        batch.identity = BatchIdentity(producer: 1, number: 1)
        let range = try LogScript.append([batch], to: log)[0]
        var other = LogScript.batch(0, messages: 1, bytes: 500)
        other.identity = BatchIdentity(producer: 2, number: 1)
        disk.change { $0.capacity = $0.used }
        #expect(throws: MessageStoreError.self) { try LogScript.append([other], to: log) }
        disk.change { $0.capacity = .max }
        #expect(try log.stage(batch) == .repeated(range))
    }
}
