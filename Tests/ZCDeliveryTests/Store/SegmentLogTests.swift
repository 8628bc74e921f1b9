import StoreSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

@Suite struct SegmentLogTests {
    private func at(_ number: UInt64) -> MessageSequence { MessageSequence(rawValue: number) }

    @Test func batchesComeBackAcrossFilesAndOpenings() throws {
        let disk = SimulatedDisk()
        var expected: [MessageBatch] = []
        for round in 0..<5 {
            let log = try LogScript.log(disk)
            #expect(log.recovery.batches == expected.count && log.recovery.tornBytes == 0)
            #expect(log.recovery.wasClosed)
            #expect(try LogScript.content(of: log) == expected)
            for number in 0..<40 {
                let batch = LogScript.batch(round * 40 + number)
                try LogScript.append([batch], to: log)
                expected.append(batch)
            }
            #expect(try LogScript.content(of: log) == expected)
            log.close()
            log.close()
        }
        #expect(disk.paths.count > 3)
        let messages = expected.reduce(0) { $0 + $1.messages.count }
        let log = try LogScript.log(disk)
        #expect(log.head.next == at(UInt64(messages + 1)))
        // Each message by its number, wherever in its batch and file it is.
        var number: UInt64 = 1
        for batch in expected {
            for message in batch.messages {
                let read = try log.read(from: at(number), limit: ReadLimit(messagesMax: 1, bytesMax: 0))
                #expect(read.count == 1 && read[0][at(number)] == message)
                number += 1
            }
        }
        #expect(try log.read(from: at(number), limit: ReadLimit()).isEmpty)
        #expect(throws: MessageStoreError.self) { try log.read(from: at(number + 1), limit: ReadLimit()) }
        #expect(throws: MessageStoreError.self) { try log.read(from: at(0), limit: ReadLimit()) }
    }

    @Test func manyBatchesShareASync() throws {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        try LogScript.append([LogScript.batch(0)], to: log)
        let before = disk.syncs
        try LogScript.append((1..<50).map { LogScript.batch($0, messages: 1, bytes: 10) }, to: log)
        #expect(disk.syncs == before + 1 && log.commits == 2)
    }

    @Test func shortWritesAreFinished() throws {
        let disk = SimulatedDisk()
        disk.change { $0.writesFallShort = true }
        let log = try LogScript.log(disk)
        let batches = (0..<100).map { LogScript.batch($0) }
        for batch in batches { try LogScript.append([batch], to: log) }
        #expect(try LogScript.content(of: LogScript.log(disk.crashed(seed: 1))) == batches)
    }

    @Test func aFullDiskLosesNothingAndGoesOn() throws {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        var stored: [MessageBatch] = []
        disk.change { $0.capacity = 6000 }
        var refused = 0
        for number in 0..<200 {
            let batch = LogScript.batch(number, messages: 2, bytes: 50)
            do {
                try LogScript.append([batch], to: log)
                stored.append(batch)
            } catch let error as MessageStoreError {
                #expect(error.code == .full && error.system != nil)
                refused += 1
            }
            if refused == 3 { disk.change { $0.capacity = 1 << 20 } }
        }
        #expect(refused == 3 && stored.count == 197)
        #expect(try LogScript.content(of: log) == stored)
        for seed in 0..<20 {
            #expect(try LogScript.content(of: LogScript.log(disk.crashed(seed: UInt64(seed)))) == stored)
        }
    }

    @Test func aFailedSyncIsTheEnd() throws {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        let first = LogScript.batch(1)
        try LogScript.append([first], to: log)
        disk.change { $0.nextSyncFails = true }
        let second = LogScript.batch(2)
        for _ in 0..<2 {
            let error = #expect(throws: MessageStoreError.self) { try LogScript.append([second], to: log) }
            #expect(error?.code == .failed)
        }
        #expect(throws: MessageStoreError.self) { try log.read(from: at(1), limit: ReadLimit()) }
        log.close()
        for seed in 0..<20 {
            let found = try LogScript.content(of: LogScript.log(disk.crashed(seed: UInt64(seed))))
            #expect(found == [first] || found == [first, second])
        }
    }

    @Test func truncatingGoesBackAcrossFiles() throws {
        let disk = SimulatedDisk()
        let batches = (0..<120).map { LogScript.batch($0) }
        var starts: [MessageSequence] = []
        let log = try LogScript.log(disk)
        for batch in batches { starts += try LogScript.append([batch], to: log).map(\.lowerBound) }
        #expect(throws: MessageStoreError.self) { try log.truncate(from: log.head.next + 1) }
        let long = try #require(batches.indices.last { batches[$0].messages.count > 1 })
        let error = #expect(throws: MessageStoreError.self) { try log.truncate(from: starts[long] + 1) }
        #expect(error?.code == .insideBatch && log.head.next == starts[119] + batches[119].messages.count)
        for keep in [119, 100, 60, 59, 10, 0] {
            try log.truncate(from: starts[keep])
            try log.truncate(from: starts[keep])
            #expect(log.head.next == starts[keep])
            #expect(try LogScript.content(of: log) == Array(batches[..<keep]))
        }
        // What was taken back may be stored again, its producers' numbers included.
        for batch in batches { try LogScript.append([batch], to: log) }
        #expect(try LogScript.content(of: log) == batches)
    }

    @Test func oldFilesCanGo() throws {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        let batches = (0..<120).map { LogScript.batch($0) }
        for batch in batches { try LogScript.append([batch], to: log) }
        let files = disk.paths.count
        try log.release(before: at(100))
        #expect(disk.paths.count < files && log.head.first <= at(100) && log.head.first > at(1))
        let rest = try LogScript.content(of: log)
        #expect(rest == Array(batches.suffix(rest.count)) && rest.count < batches.count)
        #expect(throws: MessageStoreError.self) { try log.read(from: at(1), limit: ReadLimit()) }
        let again = try LogScript.log(disk.crashed(seed: 3))
        #expect(try LogScript.content(of: again) == rest && again.head.first == log.head.first)
        try log.release(before: log.head.next)
        #expect(disk.paths.count == 1)
        try LogScript.append([LogScript.batch(500)], to: log)
    }

    @Test func largeBatchesAreRefused() throws {
        let log = try LogScript.log(SimulatedDisk())
        let fits = LogScript.options().batchBytesMax - RecordHeader.byteCount - 4
        let error = #expect(throws: MessageStoreError.self) {
            try log.stage(LogScript.batch(0, messages: 1, bytes: fits + 1))
        }
        #expect(error?.code == .tooLarge)
        #expect(throws: MessageStoreError.self) {
            try log.stage(LogScript.batch(0, messages: 5000, bytes: 0))
        }
        #expect(throws: MessageStoreError.self) { try log.stage(MessageBatch([])) }
        let batch = LogScript.batch(0, messages: 1, bytes: fits)
        try LogScript.append([batch], to: log)
        #expect(try LogScript.content(of: log) == [batch])
    }

    @Test func aFolderIsForOne() throws {
        let disk = SimulatedDisk()
        do {
            let log = try LogScript.log(disk)
            let error = #expect(throws: MessageStoreError.self) { try LogScript.log(disk) }
            #expect(error?.code == .inUse && log.failure == nil)
        }
        _ = try LogScript.log(disk)
        let options = LogScript.options { $0.segmentBytesMax = 1 }
        let error = #expect(throws: MessageStoreError.self) { try LogScript.log(disk, options) }
        #expect(error?.code == .configuration)
    }
}
