import Glibc
import StoreSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

/// What stores, logs and files refuse, and who they remember.
@Suite struct StoreEdgeTests {
    /// A producer that there is no room for is forgotten, also when a store reads itself anew.
    @Test func truncatingRemembersAsManyProducersAsThereIsRoomFor() async throws {
        let store = MemoryMessageStore(producersMax: 1)
        func append(producer: UInt64) async throws -> UInt64 {
            var batch = MessageBatch(["m"])
            batch.identity = BatchIdentity(producer: producer, number: 1)
            return try await store.append(batch).lowerBound.rawValue
        }
        for producer in UInt64(1)...3 { #expect(try await append(producer: producer) == producer) }
        try await store.truncate(from: MessageSequence(rawValue: 3))
        // The second is the last one; of the first nothing is known any more.
        #expect(try await append(producer: 2) == 2)
        #expect(try await append(producer: 1) == 3)
    }

    /// A group is full with its last byte: two batches that fill it each are two commits, though both wait.
    @Test func aFullGroupIsCommitted() async throws {
        let options = LogScript.options()
        let store = try FileMessageStore(in: "log", options: options, files: SimulatedDisk())
        let bytes = options.groupBytesMax - RecordHeader.byteCount - 4
        let batch = LogScript.batch(0, messages: 1, bytes: bytes)
        async let first = store.append(batch)
        async let second = store.append(batch)
        while store.snapshot()[.pendingBatches] < 2 { await Task.yield() }
        try store.start()
        _ = try await (first, second)
        #expect(store.snapshot()[.groupCommits] == 2)
        try await store.close()
    }

    /// A store that takes no more calls may be closed all the same; what waits is done first.
    @Test func aFullStoreCanBeClosed() async throws {
        let (gate, arrived) = (Watched(true), Watched(0))
        let disk = SimulatedDisk(beforeSync: {
            arrived.update { $0 += 1 }
            _ = gate.wait { $0 }
        })
        let options = LogScript.options { $0.pendingMax = 3 }
        let store = try FileMessageStore(in: "log", options: options, files: disk)
        try store.start()
        gate.update { $0 = false }
        let count = arrived.value
        async let first = store.append(LogScript.batch(0, messages: 1))
        #expect(await OwnThread.value { arrived.wait { $0 > count } })
        // The disk is busy with the first.
        let waiting = (0..<3).map { _ in Task { try await store.extent() } }
        while store.snapshot()[.pendingBatches] < 3 { await Task.yield() }
        let closing = Task { try await store.close() }
        for _ in 0..<100 { await Task.yield() }
        gate.update { $0 = true }
        try await closing.value
        let stored = try await first
        for task in waiting { #expect(try await task.value.next == stored.upperBound) }
    }

    @Test func aClosedLogDoesNothing() throws {
        let log = try LogScript.log(SimulatedDisk())
        try LogScript.append([LogScript.batch(1), LogScript.batch(2)], to: log)
        log.close()
        func code(_ body: () throws -> Void) -> MessageStoreError.Code? {
            do { try body() } catch { return (error as? MessageStoreError)?.code }
            return nil
        }
        #expect(code { try log.release(before: .first) } == .closed)
        #expect(code { try log.truncate(from: .first) } == .closed)
        #expect(code { _ = try log.stage(LogScript.batch(3)) } == .closed)
        #expect(code { _ = try log.read(from: .first, limit: ReadLimit()) } == .closed)
    }

    /// Serves a store in two ways at once.
    private static func serveTwice(_ again: (FileMessageStore) throws -> Void) {
        let (options, disk) = (LogScript.options(), SimulatedDisk())
        guard let store = try? FileMessageStore(in: "log", options: options, files: disk) else { return }
        try? store.start()
        try? again(store)
    }

    @Test func aStoreIsServedOnce() async {
        await #expect(processExitsWith: .failure) { Self.serveTwice { try $0.start() } }
        await #expect(processExitsWith: .failure) { Self.serveTwice { $0.run() } }
    }

    /// What the system refuses is told with its call and its reason.
    @Test func filesTellWhatTheSystemRefuses() throws {
        let folder = SystemFile(unsafe open("/", O_RDONLY | O_CLOEXEC), "/")
        func refusal(_ body: () throws -> Void) -> SystemError? {
            do { try body() } catch { return error as? SystemError }
            return nil
        }
        #expect(refusal { _ = try folder.read(count: 8, at: 0) }?.errno.rawValue == EISDIR)
        #expect(refusal { try folder.truncate(to: 0) } != nil)
        // Only a folder's names are made durable this way.
        #expect(refusal { try SystemFiles().syncFolder("/proc/self/exe") }?.errno.rawValue == ENOTDIR)
        #expect(refusal { try SystemFiles().remove("/proc/self/none") }?.errno.rawValue == ENOENT)
        // Fewer bytes than wanted are there at a file's end, and none behind it.
        let file = SystemFile(unsafe open("/proc/self/exe", O_RDONLY | O_CLOEXEC), "/proc/self/exe")
        let count = try file.byteCount()
        #expect(try file.read(count: 16, at: count - 4).count == 4)
        #expect(try file.read(count: 16, at: count).isEmpty && file.read(count: 0, at: 0).isEmpty)
    }

    /// A head that counts more messages than its record has lengths for is none.
    @Test func aHeadFitsItsRecord() throws {
        var buffer = WriteBuffer()
        let place = RecordPlace(tag: 7, offset: 64, previous: 0, durableBytes: 64)
        _ = try RecordCodec.encode(
            MessageBatch(["12345678"]), first: .first, at: place, into: &buffer)
        var bytes: [UInt8] = []
        let record = buffer.freeze()
        for index in 0..<record.count { bytes.append(record.bytes.byte(at: index)) }
        // Sixteen bytes behind the head: lengths of four messages at most.
        #expect(bytes.count == RecordHeader.byteCount + 16)
        for count in UInt8(0)...6 {
            bytes[16] = count
            let record = SharedBytes(copying: bytes)
            let header = RecordHeader(record.bytes, tag: 7, bytesMax: record.count)
            #expect((header != nil) == (count <= 4), "\(count)")
        }
    }

    /// Of marks, only those of a log that was closed say so; no batch does.
    @Test func onlyAMarkCloses() throws {
        let kinds: [(Bool, UInt64?)] = [(true, nil), (false, nil), (false, 1), (false, 0)]
        for (isClosing, producer) in kinds {
            var buffer = WriteBuffer()
            let place = RecordPlace(tag: 7, offset: 64, previous: 0, durableBytes: 64)
            if let producer {
                var batch = MessageBatch(["m"])
                batch.identity = BatchIdentity(producer: producer, number: 1)
                _ = try RecordCodec.encode(batch, first: .first, at: place, into: &buffer)
            } else {
                try RecordCodec.encodeMark(
                    isClosing: isClosing, next: .first, term: 0, at: place, into: &buffer)
            }
            let record = buffer.freeze()
            let header = RecordHeader(record.bytes, tag: 7, bytesMax: record.count)
            #expect(header?.isMark == (producer == nil) && header?.isClosing == isClosing)
        }
    }

    @Test func sequencesAreCountedForward() async {
        #expect(MessageSequence.first + 0 == .first)
        #expect(MessageSequence(rawValue: .max - 1) + 5 == MessageSequence(rawValue: .max))
        await #expect(processExitsWith: .failure) { _ = MessageSequence.first + -1 }
    }
}

/// Turns in queues, and what tables of retries take.
@Suite struct TurnEdgeTests {
    /// A key that comes while others are handled has its turn with them, not behind all of theirs.
    @Test func aKeyThatComesInBetweenHasItsTurn() throws {
        var limits = EventQueueLimits()
        limits.batchEventsMax = 1
        let queue = try EventQueue<String, Int>(limits: limits) {}
        for number in 0..<10 { queue.add(number, key: "hot", byteCount: 1) }
        var keys: [String] = []
        queue.handle { batch in
            if keys.isEmpty { queue.add(0, key: "cold", byteCount: 1) }
            keys.append(batch.key)
        }
        #expect(keys.count == 11 && keys.prefix(3).contains("cold"))
    }

    /// Blocks grow with what is in them, and all of them are in the sum.
    @Test func aTableSumsItsBlocksUp() throws {
        let start = MonotonicInstant(nanoseconds: 0)
        var table = try RetryTable(now: start, seed: 1)
        let empty = (index: RetryIndex().memoryBytes, places: ProbedPlaces().memoryBytes)
        #expect(empty.places == 64 * 8 && empty.index == 16 * 64 + empty.places)
        let connection = ConnectionID(rawValue: 1 << 32 | 1)
        for id in 0..<10_000 {
            let message = OutstandingMessage(id: UInt64(id), to: connection, bytes: "m")
            guard case .added = table.add(message, now: start) else {
                Issue.record("\(id) is refused")
                return
            }
        }
        // For each a line of its own, half a one for its timer, and a quarter of one in the index, at least.
        let bytes = table.memoryBytes
        #expect(bytes >= 10_000 * (64 + 32 + 16))
    }
}
