import StoreSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

/// Power that fails at any moment: nothing that was acknowledged is lost, nothing that was refused turns up.
@Suite struct LogCrashTests {
    /// What may be found after a crash: these for certain, and then some of those, from the first on.
    private struct Ledger {
        var certain: [MessageBatch] = []
        var possible: [MessageBatch] = []

        func allows(_ found: [MessageBatch]) -> Bool {
            found.count >= certain.count && found.count <= certain.count + possible.count
                && found == (certain + possible).prefix(found.count).map(\.self)
        }
    }

    /// One life of a log: groups of batches, with files that fill up, until the power fails.
    private func live(_ log: SegmentLog, _ ledger: inout Ledger, from number: inout Int, groups: Int) {
        var random = SimulatedRandom(seed: UInt64(number))
        for _ in 0..<groups {
            let count = Int(random.next() % 4) + 1
            let batches = (number..<number + count).map { LogScript.batch($0) }
            number += count
            ledger.possible = batches
            do {
                try LogScript.append(batches, to: log)
                ledger.certain += batches
                ledger.possible = []
            } catch {
                return
            }
        }
    }

    @Test func powerMayFailAtEveryOperation() throws {
        let counting = SimulatedDisk()
        var (ledger, number) = (Ledger(), 1)
        live(try LogScript.log(counting), &ledger, from: &number, groups: 30)
        let operations = counting.operations
        #expect(counting.paths.count > 1 && operations > 60)
        for moment in 1...operations {
            let disk = SimulatedDisk()
            disk.change { $0.diesAt = moment }
            var (ledger, number) = (Ledger(), 1)
            if let log = try? LogScript.log(disk) {
                live(log, &ledger, from: &number, groups: 30)
            }
            for seed in 0..<3 {
                let after = disk.crashed(seed: UInt64(moment * 4 + seed))
                let log = try LogScript.log(after)
                let found = try LogScript.content(of: log)
                #expect(ledger.allows(found), "operation \(moment), seed \(seed)")
                // And it goes on from there.
                try LogScript.append([LogScript.batch(9000)], to: log)
                let again = try LogScript.content(of: LogScript.log(after.crashed(seed: 2)))
                #expect(again == found + [LogScript.batch(9000)])
            }
        }
    }

    @Test func powerMayFailWhileItIsTruncatedOrReleased() throws {
        func prepared(_ disk: SimulatedDisk) throws -> ([MessageBatch], [MessageSequence], SegmentLog) {
            let log = try LogScript.log(disk)
            let batches = (0..<150).map { LogScript.batch($0) }
            let starts = try batches.map { try LogScript.append([$0], to: log)[0].lowerBound }
            return (batches, starts, log)
        }
        let counting = SimulatedDisk()
        let (_, starts, log) = try prepared(counting)
        let before = counting.operations
        try log.truncate(from: starts[20])
        let operations = counting.operations - before
        #expect(operations > 6)
        for moment in 1...operations {
            for releases in [false, true] {
                let disk = SimulatedDisk()
                let (batches, starts, log) = try prepared(disk)
                disk.change { $0.diesAt = $0.operations + moment }
                do {
                    if releases {
                        try log.release(before: starts[100])
                    } else {
                        try log.truncate(from: starts[20])
                    }
                } catch {
                    #expect(error.code == .failed || error.code == .io)
                }
                for seed in 0..<4 {
                    let found = try LogScript.content(
                        of: LogScript.log(disk.crashed(seed: UInt64(moment * 4 + seed))))
                    if releases {
                        #expect(found == batches.suffix(found.count) && found.count >= 50)
                    } else {
                        #expect(found == Array(batches.prefix(found.count)) && found.count >= 20)
                    }
                }
            }
        }
    }

    /// Life after life on one disk, with short writes, a disk that fills up, failing syncs and crashes.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func livesFollowOneAnother(_ seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed)
        var disk = SimulatedDisk(seed: seed)
        var (ledger, number) = (Ledger(), 1)
        for life in 0..<25 {
            let log = try LogScript.log(disk)
            let found = try LogScript.content(of: log)
            #expect(ledger.allows(found), "seed \(seed), life \(life)")
            ledger = Ledger(certain: found)
            let used = disk.state.withLock { $0.used }
            let (fallsShort, room) = (random.next() % 2 == 0, Int(random.next() % 6000))
            let (fills, syncFails) = (random.next() % 4 == 0, random.next() % 5 == 0)
            disk.change {
                $0.writesFallShort = fallsShort
                $0.capacity = fills ? used + room : .max
            }
            for group in 0..<Int(random.next() % 30) {
                if syncFails && group == 5 { disk.change { $0.nextSyncFails = true } }
                let batches = (number..<number + Int(random.next() % 5) + 1).map { LogScript.batch($0) }
                number += batches.count
                ledger.possible = batches
                do {
                    try LogScript.append(batches, to: log)
                    ledger.certain += batches
                    ledger.possible = []
                } catch let error as MessageStoreError {
                    if error.code != .full { break }
                    ledger.possible = []
                }
            }
            if random.next() % 3 == 0 { log.close() }
            disk = disk.crashed(seed: random.next())
        }
        #expect(ledger.certain.count > 20)
    }
}
