import StoreSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

/// What opening makes of files that a crash cut short or that decayed.
@Suite struct LogRecoveryTests {
    /// Four batches in one file, each in a commit of its own, and where their records begin and the last one
    /// ends. What stands there is a mark.
    private func written(
        closed: Bool = false, marked: Bool = true
    ) throws -> (SimulatedDisk, String, [MessageBatch], [Int]) {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        let batches = [1, 2, 4, 5].map { LogScript.batch($0) }
        var starts = [SegmentHeader.byteCount]
        for batch in batches {
            try LogScript.append([batch], to: log)
            starts.append(try #require(log.segments.last).end)
        }
        if closed { log.close() }
        let path = try #require(disk.paths.first)
        #expect(disk.bytes(of: path).count == starts[4] + RecordHeader.byteCount)
        if marked { return (disk, path, batches, starts) }
        return (disk.changing(path) { $0.removeLast(RecordHeader.byteCount) }, path, batches, starts)
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
        let (disk, path, batches, starts) = try written()
        let length = disk.bytes(of: path).count
        for cut in 0...length {
            let shorter = disk.changing(path) { $0.removeLast(length - cut) }
            if cut < SegmentHeader.byteCount {
                // A file has its name once its head is durable.
                let error = #expect(throws: MessageStoreError.self) { try LogScript.log(shorter) }
                #expect(error?.code == .corrupt)
            } else {
                try check(shorter, holds: Array(batches[..<starts.dropFirst().count { $0 <= cut }]))
            }
        }
    }

    @Test func theLastRecordCutAtEveryByteSaysWhatIsMissing() throws {
        let (disk, path, batches, starts) = try written()
        let length = disk.bytes(of: path).count
        for cut in starts[3]..<starts[4] {
            let log = try LogScript.log(disk.changing(path) { $0.removeLast(length - cut) })
            #expect(log.recovery.tornBytes == cut - starts[3] && log.recovery.batches == 3)
            #expect(!log.recovery.wasClosed && log.head.next == log.head.first + batches[..<3].joined)
        }
    }

    @Test(arguments: [true, false]) func garbageBehindTheLastRecordGoes(_ isMarked: Bool) throws {
        let (disk, path, batches, _) = try written(marked: isMarked)
        var random = SimulatedRandom(seed: 5)
        for length in [1, 7, 8, 55, 56, 57, 600, 5000] {
            let zeros = disk.changing(path) { $0 += [UInt8](repeating: 0, count: length) }
            try check(zeros, holds: batches)
            let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            try check(disk.changing(path) { $0 += noise }, holds: batches)
        }
    }

    @Test func everyFlippedBitOfAClosedLogIsNoticed() throws {
        let (disk, path, batches, starts) = try written(closed: true)
        let length = disk.bytes(of: path).count
        for place in 0..<length {
            for bit in [0, 3, 7] {
                let decayed = disk.changing(path) { $0[place] ^= 1 << bit }
                do {
                    let log = try LogScript.log(decayed)
                    // Nothing is lost with the mark itself.
                    #expect(place >= starts[4] && !log.recovery.wasClosed)
                    #expect(try LogScript.content(of: log) == batches)
                } catch let error as MessageStoreError {
                    #expect(error.code == .corrupt && place < starts[4], "\(error) at \(place)")
                    #expect(decayed.bytes(of: path).count == length, "nothing is thrown away")
                }
            }
        }
    }

    /// Once a group is acknowledged a mark says so, in the page cache at least.
    @Test func decayIsNoticedAfterACrash() throws {
        let (disk, path, batches, starts) = try written()
        for place in 0..<disk.bytes(of: path).count {
            let decayed = disk.changing(path) { $0[place] ^= 0x10 }
            if place < starts[4] {
                let error = #expect(throws: MessageStoreError.self) { try LogScript.log(decayed) }
                #expect(error?.code == .corrupt)
            } else {
                #expect(try LogScript.content(of: LogScript.log(decayed)) == batches)
            }
        }
    }

    /// Where the power failed before the mark was written, decay of the last group looks like a torn write.
    @Test func decayBeforeTheLastCommitIsNoticedWithoutAMark() throws {
        let (disk, path, batches, starts) = try written(marked: false)
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
        let (disk, path, batches, starts) = try written()
        let log = try LogScript.log(disk)
        for place in starts[0]..<starts[4] {
            disk.decay(path) { $0[place] ^= 0x40 }
            let error = #expect(throws: MessageStoreError.self) { try LogScript.content(of: log) }
            #expect(error?.code == .corrupt)
            // What is passed over on the way to a message must not lead past it.
            let last = MessageSequence(rawValue: log.head.next.rawValue - 1)
            if let read = try? log.read(from: last, limit: ReadLimit()) {
                #expect(read.last?[last] == batches[3].messages.last && read.count == 1)
            }
            disk.decay(path) { $0[place] ^= 0x40 }
        }
        #expect(try LogScript.content(of: log) == batches)
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

    /// A message that looks like records, thousands of them that check at their place and say that everything
    /// was durable, in a write that was torn. Answers what opening finds.
    private func forged(guessing tag: UInt64, when own: UInt64) throws -> ([MessageBatch], [MessageBatch]) {
        let disk = SimulatedDisk()
        let options = LogScript.options { $0.batchBytesMax = 1 << 20 }
        let log = try SegmentLog("log", options, disk, random: { own })
        let first = LogScript.batch(1)
        try LogScript.append([first], to: log)
        let start = try #require(log.segments.last).end + RecordHeader.byteCount + 4
        var fake = WriteBuffer()
        while (start + fake.count) & 7 != 0 { try fake.append(UInt8(0), .littleEndian) }
        while fake.count < 200_000 {
            let offset = start + fake.count
            try RecordCodec.encodeMark(
                isClosing: false, next: .first, term: 0,
                at: RecordPlace(tag: tag, offset: offset, previous: 0, durableBytes: offset), into: &fake)
        }
        try LogScript.append([MessageBatch([fake.freeze()])], to: log)
        let path = try #require(disk.paths.first)
        let torn = disk.changing(path) { $0.removeLast(RecordHeader.byteCount + 8) }
        return ([first], try LogScript.content(of: LogScript.log(torn, options)))
    }

    @Test func messagesThatLookLikeRecordsAreNotBelieved() throws {
        for tag in [0, 1, 0x5A43_5231, .max] as [UInt64] {
            let (stored, found) = try forged(guessing: tag, when: 0x9E37_79B9_7F4A_7C15)
            #expect(found == stored)
        }
        // With the segment's own number they would be, which shows that nothing else stands in their way.
        let error = #expect(throws: MessageStoreError.self) { try forged(guessing: 42, when: 42) }
        #expect(error?.code == .corrupt)
    }

    /// A record that is whole and stands in its place, behind another one than it was written behind: no
    /// crash does that, so somebody has to look, and nothing is cut.
    @Test func aRecordThatFollowsAnotherOneIsKept() throws {
        let logs = try [1, 2].map { number in
            let disk = SimulatedDisk()
            let log = try SegmentLog("log", LogScript.options(), disk, random: { 42 })
            for message in [number, 7] {
                var batch = LogScript.batch(message, messages: 1, bytes: 40)
                (batch.term, batch.identity) = (0, nil)
                try LogScript.append([batch], to: log)
            }
            return (disk, log.segments[0].end)
        }
        let path = try #require(logs[0].0.paths.first)
        #expect(logs[0].1 == logs[1].1)
        let second = SegmentHeader.byteCount + 64 + 4 + 40 + 4
        let other = logs[1].0.bytes(of: path)[second..<logs[1].1]
        let mixed = logs[0].0.changing(path) { $0 = Array($0.prefix(second)) + other }
        let error = #expect(throws: MessageStoreError.self) { try LogScript.log(mixed) }
        #expect(error?.code == .corrupt && mixed.bytes(of: path).count == logs[1].1)
    }

    /// The same between files: one that a disk kept, though it was taken back, does not go on behind others.
    @Test func aFileThatFollowsAnotherOneIsRefused() throws {
        let disks = try [1, 2].map { number in
            let disk = SimulatedDisk()
            let log = try SegmentLog("log", LogScript.options(), disk, random: { 42 })
            for message in 0..<12 {
                var batch = LogScript.batch(message == 3 ? number + 100 : 7, messages: 1, bytes: 400)
                (batch.term, batch.identity) = (0, nil)
                try LogScript.append([batch], to: log)
            }
            return disk
        }
        let path = try #require(disks[0].paths.last)
        #expect(disks[0].paths == disks[1].paths && disks[0].paths.count == 2)
        #expect(disks[0].bytes(of: path) != disks[1].bytes(of: path), "only in what it names")
        let mixed = disks[0].changing(path) { $0 = disks[1].bytes(of: path) }
        let error = #expect(throws: MessageStoreError.self) { try LogScript.log(mixed) }
        #expect(error?.code == .corrupt)
    }

    /// Tags come from the system's generator where nobody says otherwise.
    @Test func everySegmentHasATagOfItsOwn() throws {
        var tags: Set<UInt64> = []
        for _ in 0..<3 {
            let log = try LogScript.log(SimulatedDisk())
            for number in 0..<150 { try LogScript.append([LogScript.batch(number)], to: log) }
            #expect(log.segments.count > 2)
            tags.formUnion(log.segments.map(\.tag))
            #expect(tags.count >= log.segments.count)
        }
        #expect(tags.count >= 9)
    }

    /// A limit is for what is to be appended; what is stored stays, and can be read.
    @Test func aSmallerLimitCutsNothing() throws {
        let disk = SimulatedDisk()
        let log = try LogScript.log(disk)
        let batches = [LogScript.batch(0), LogScript.batch(1, messages: 2, bytes: 6000), LogScript.batch(2)]
        for batch in batches { try LogScript.append([batch], to: log) }
        let small = LogScript.options {
            ($0.batchBytesMax, $0.groupBytesMax, $0.producersMax) = (1024, 4096, 1)
        }
        for disk in [disk.crashed(seed: 1), disk.changing(try #require(disk.paths.last)) { _ in }] {
            let again = try LogScript.log(disk, small)
            #expect(again.recovery.tornBytes == 0 && again.recovery.batches == 3)
            #expect(try LogScript.content(of: again) == batches)
            let error = #expect(throws: MessageStoreError.self) {
                try again.stage(LogScript.batch(3, messages: 1, bytes: 2000))
            }
            #expect(error?.code == .tooLarge)
            try LogScript.append([LogScript.batch(4)], to: again)
            try again.truncate(from: again.head.next)
            #expect(try LogScript.content(of: again) == batches + [LogScript.batch(4)])
        }
    }

    @Test func filesOfTheFirstVersionAreRefused() throws {
        var old = WriteBuffer()
        try old.append(SegmentHeader.magic, .littleEndian)
        try old.append(UInt32(1), .littleEndian)
        let checksum = try old.reserve(4)
        for word in [1, 0] as [UInt64] { try old.append(word, .littleEndian) }
        let head = CRC32C.checksum(old.bytes.extracting(0..<12))
        try old.patch(
            CRC32C.checksum(old.bytes.extracting(16..<32), continuing: head), at: checksum.lowerBound,
            .littleEndian)
        for _ in 0..<100 { try old.append(UInt64(7), .littleEndian) }
        let bytes = old.freeze()
        let disk = SimulatedDisk()
        let path = "log/" + SegmentHeader.name(.first)
        #expect(try disk.makeFolder("log"))
        try disk.create(path).writeAll(bytes.bytes, at: 0)
        let error = #expect(throws: MessageStoreError.self) { try LogScript.log(disk) }
        #expect(error?.code == .unsupportedFormat && error?.got == "1", "\(error.debugDescription)")
        #expect(disk.bytes(of: path) == bytes.span.indices.map { bytes[$0] })
        // A version that nobody wrote is decay.
        let decayed = disk.changing(path) { $0[8] = 3 }
        #expect(throws: MessageStoreError.self) { try LogScript.log(decayed) }
    }
}

extension ArraySlice<MessageBatch> {
    /// How many messages the batches have.
    fileprivate var joined: Int { reduce(0) { $0 + $1.messages.count } }
}
