import Testing
import ZCNet

@testable import ZCProto

/// What opening makes of files that a crash cut short or that decayed.
@Suite struct LogRecoveryTests {
    /// Four batches in one file, each in a commit of its own, and where their records begin.
    private func written(closed: Bool) throws -> (SimulatedDisk, String, [MessageBatch], [Int]) {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        let batches = [1, 2, 4, 5].map { LogScript.batch($0) }
        var starts: [Int] = []
        for batch in batches {
            starts.append(log.segments.last?.end ?? SegmentHeader.byteCount)
            try LogScript.append([batch], to: log)
        }
        if closed { log.close() }
        return (disk, try #require(disk.paths.first), batches, starts)
    }

    /// Opens, appends, and opens once more.
    private func check(_ disk: SimulatedDisk, holds batches: [MessageBatch]) throws {
        let log = try LogScript.log(disk)
        #expect(try LogScript.content(of: log) == batches)
        let more = LogScript.batch(900)
        try LogScript.append([more], to: log)
        #expect(try LogScript.content(of: LogScript.log(disk.crashed(seed: 1))) == batches + [more])
    }

    @Test func aFileCutAtEveryByteHoldsWhatIsWhole() throws {
        let (disk, path, batches, starts) = try written(closed: false)
        let length = disk.bytes(of: path).count
        for cut in 0...length {
            let shorter = disk.changing(path) { $0.removeLast(length - cut) }
            let whole = (starts.dropFirst() + [length]).count { $0 <= cut }
            try check(shorter, holds: Array(batches[..<whole]))
        }
    }

    @Test func theLastRecordCutAtEveryByteSaysWhatIsMissing() throws {
        let (disk, path, batches, starts) = try written(closed: false)
        let length = disk.bytes(of: path).count
        for cut in starts[3]..<length {
            let log = try LogScript.log(disk.changing(path) { $0.removeLast(length - cut) })
            #expect(log.recovery.tornBytes == cut - starts[3] && log.recovery.batches == 3)
            #expect(!log.recovery.wasClosed && log.head.next == log.head.first + batches[..<3].joined)
        }
    }

    @Test func garbageBehindTheLastRecordGoes() throws {
        let (disk, path, batches, _) = try written(closed: false)
        var random = SimulatedRandom(seed: 5)
        for length in [1, 7, 8, 55, 56, 57, 600, 5000] {
            let zeros = disk.changing(path) { $0 += [UInt8](repeating: 0, count: length) }
            try check(zeros, holds: batches)
            let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            try check(disk.changing(path) { $0 += noise }, holds: batches)
        }
    }

    @Test func everyFlippedBitOfAClosedLogIsNoticed() throws {
        let (disk, path, batches, _) = try written(closed: true)
        let length = disk.bytes(of: path).count
        let markStart = length - RecordHeader.byteCount
        for place in 0..<length {
            for bit in [0, 3, 7] {
                let decayed = disk.changing(path) { $0[place] ^= 1 << bit }
                do {
                    let log = try LogScript.log(decayed)
                    // Nothing is lost with the mark itself.
                    #expect(place >= markStart && !log.recovery.wasClosed)
                    #expect(try LogScript.content(of: log) == batches)
                } catch let error as MessageStoreError {
                    #expect(error.code == .corrupt && place < markStart, "\(error) at \(place)")
                    #expect(decayed.bytes(of: path).count == length, "nothing is thrown away")
                }
            }
        }
    }

    @Test func decayBeforeTheLastCommitIsNoticedAfterACrash() throws {
        let (disk, path, batches, starts) = try written(closed: false)
        for place in 0..<disk.bytes(of: path).count {
            let decayed = disk.changing(path) { $0[place] ^= 0x10 }
            if place < starts[3] {
                let error = #expect(throws: MessageStoreError.self) { try LogScript.log(decayed) }
                #expect(error?.code == .corrupt)
            } else {
                #expect(try LogScript.content(of: LogScript.log(decayed)) == Array(batches[..<3]))
            }
        }
    }

    @Test func decayIsNoticedInReading() throws {
        let (disk, path, _, starts) = try written(closed: false)
        let log = try LogScript.log(disk)
        let places = (starts[1]..<starts[2]).filter { $0 % 5 == 0 }
        for place in places {
            disk.change { state in
                guard let file = state.names[path] else { return }
                state.contents[file].current[place] ^= 0x40
            }
            let error = #expect(throws: MessageStoreError.self) { try LogScript.content(of: log) }
            #expect(error?.code == .corrupt)
            disk.change { state in
                guard let file = state.names[path] else { return }
                state.contents[file].current[place] ^= 0x40
            }
        }
        #expect(!places.isEmpty)
    }

    @Test func aMissingOrForeignFileIsNoticed() throws {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        for number in 0..<200 { try LogScript.append([LogScript.batch(number)], to: log) }
        let paths = disk.paths
        #expect(paths.count >= 3)
        for lost in paths[1..<paths.count - 1] {
            let holed = disk.changing(lost) { _ in }
            try holed.remove(lost)
            #expect(throws: MessageStoreError.self) { try LogScript.log(holed) }
        }
        // A file of the middle that is cut, even where a record ends, is no crash's doing.
        let short = disk.changing(paths[1]) { $0.removeLast($0.count - SegmentHeader.byteCount) }
        #expect(throws: MessageStoreError.self) { try LogScript.log(short) }
        let headless = disk.changing(paths[1]) { $0.removeAll() }
        #expect(throws: MessageStoreError.self) { try LogScript.log(headless) }
    }

    /// A message that looks like records, thousands of them, must neither be believed nor cost much.
    @Test func messagesThatLookLikeRecordsAreNotBelieved() throws {
        let disk = SimulatedDisk()
        let options = LogScript.options { $0.batchBytesMax = 1 << 20 }
        let log = try LogScript.log(disk, options)
        let first = LogScript.batch(1)
        try LogScript.append([first], to: log)
        var fake = WriteBuffer()
        while fake.count < 200_000 {
            try fake.append(RecordHeader.magic, .littleEndian)
            try fake.append(UInt32(100_000), .littleEndian)
            try fake.append(UInt64(0), .littleEndian)
            for word in [UInt64(2), 0, 9999, 0, 0] { try fake.append(word, .littleEndian) }
        }
        try LogScript.append([MessageBatch([fake.freeze()])], to: log)
        let path = try #require(disk.paths.first)
        let torn = disk.changing(path) { $0.removeLast(8) }
        // Either answer is safe: to take it for torn, or to refuse to decide.
        do {
            #expect(try LogScript.content(of: LogScript.log(torn, options)) == [first])
        } catch let error as MessageStoreError {
            #expect(error.code == .corrupt)
        }
    }
}

extension ArraySlice<MessageBatch> {
    /// How many messages the batches have.
    fileprivate var joined: Int { reduce(0) { $0 + $1.messages.count } }
}
