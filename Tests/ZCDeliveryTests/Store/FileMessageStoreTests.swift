import Glibc
import StoreSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

@Suite struct FileMessageStoreTests {
    /// A folder of the machine for the length of a test.
    private final class Folder: Sendable {
        let path: String
        init() throws {
            var template = Array("/tmp/zcnet-store-XXXXXX".utf8CString)
            guard unsafe mkdtemp(&template) != nil else {
                throw SystemError("mkdtemp", errno: Errno(rawValue: errno))
            }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        deinit {
            for name in (try? SystemFiles().names(in: path)) ?? [] { _ = unsafe unlink(path + "/" + name) }
            _ = unsafe rmdir(path)
        }
    }

    private func code(_ body: () async throws -> Void) async -> MessageStoreError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? MessageStoreError)?.code
        }
    }

    @Test func tasksShareSyncsOnARealDisk() async throws {
        let folder = try Folder()
        let (tasks, each) = (16, 50)
        let store = try FileMessageStore(in: folder.path, options: LogScript.options())
        try store.start()
        let ranges = try await withThrowingTaskGroup(of: [(Int, Range<MessageSequence>)].self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var ranges: [(Int, Range<MessageSequence>)] = []
                    for number in 0..<each {
                        var batch = LogScript.batch(task * 1000 + number)
                        (batch.term, batch.identity) = (0, nil)
                        ranges.append((task * 1000 + number, try await store.append(batch)))
                    }
                    return ranges
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        // Gapless, each its own, and in the order of each task.
        let sorted = ranges.sorted { $0.1.lowerBound < $1.1.lowerBound }
        for (left, right) in zip(sorted, sorted.dropFirst()) {
            #expect(left.1.upperBound == right.1.lowerBound)
        }
        for task in 0..<tasks {
            #expect(sorted.map(\.0).filter { $0 / 1000 == task }.map { $0 % 1000 } == Array(0..<each))
        }
        let figures = store.snapshot()
        #expect(figures[.storedBatches] == tasks * each && figures[.groupCommits] <= tasks * each)
        #expect(figures[.pendingBatches] == 0 && figures[.pendingBytes] == 0)
        #expect(throws: MessageStoreError.self) { try FileMessageStore(in: folder.path) }
        try await store.close()
        #expect(await code { _ = try await store.append(LogScript.batch(1)) } == .closed)
        #expect(await code { _ = try await store.extent() } == .closed)
        #expect(await code { try await store.close() } == .closed)
    }

    @Test func whatWasStoredIsThereAgain() async throws {
        let folder = try Folder()
        var batches: [MessageBatch] = []
        for round in 0..<3 {
            let store = try FileMessageStore(in: folder.path, options: LogScript.options())
            #expect(store.recovery.wasClosed && store.recovery.batches == batches.count)
            // On a thread that the application gives.
            OwnThread.run { store.run() }
            for number in 0..<60 {
                batches.append(LogScript.batch(round * 60 + number))
                _ = try await store.append(batches[batches.count - 1])
            }
            var found: [MessageBatch] = []
            var next = MessageSequence.first
            while true {
                let read = try await store.read(from: next)
                guard let last = read.last else { break }
                found += read.map(\.batch)
                next = last.range.upperBound
            }
            #expect(found.map(\.messages) == batches.map(\.messages))
            #expect(found.map(\.identity) == batches.map(\.identity))
            try await store.close()
        }
    }

    /// What the simulated disk is asked all the time, asked of the kernel's own files.
    @Test func filesAreCutRemovedAndReleasedOnARealDisk() async throws {
        let folder = try Folder()
        func files() throws -> [String] {
            try SystemFiles().names(in: folder.path).filter { $0.hasSuffix(".zclog") }.sorted()
        }
        let store = try FileMessageStore(in: folder.path, options: LogScript.options())
        try store.start()
        var ranges: [Range<MessageSequence>] = []
        for number in 0..<150 { ranges.append(try await store.append(LogScript.batch(number))) }
        try await store.close()
        // Half of a write, as a crash leaves it behind what is whole.
        let last = try SystemFiles().open(folder.path + "/" + #require(try files().last))
        let length = try last.byteCount()
        try last.writeAll([UInt8](repeating: 0xA5, count: 100).span.rawBytes, at: length)
        let again = try FileMessageStore(in: folder.path, options: LogScript.options())
        #expect(again.recovery.tornBytes == 100 && again.recovery.batches == 150)
        #expect(try !again.recovery.wasClosed && last.byteCount() == length)
        try again.start()
        let (middle, count) = (ranges[70].lowerBound, try files().count)
        try await again.truncate(from: middle)
        #expect(try await again.extent().next == middle)
        #expect(try files().count < count && files().count > 1)
        try await again.release(before: middle)
        let extent = try await again.extent()
        #expect(try files().count == 1 && extent.range.lowerBound > .first && extent.next == middle)
        #expect(try await again.append(LogScript.batch(70)).lowerBound == middle)
        let read = try await again.read(from: extent.range.lowerBound)
        #expect(read.last?.batch.messages == LogScript.batch(70).messages)
        try await again.close()
    }

    /// Messages are nobody else's business.
    @Test func filesAndFoldersAreForTheirOwnerOnly() async throws {
        let folder = try Folder()
        let path = folder.path + "/a/b"
        let store = try FileMessageStore(in: path, options: LogScript.options())
        try store.start()
        for number in 0..<150 { _ = try await store.append(LogScript.batch(number)) }
        try await store.close()
        let names = try SystemFiles().names(in: path)
        #expect(names.count > 2)
        for entry in [folder.path + "/a", path] + names.map({ path + "/" + $0 }) {
            var status = stat()
            #expect(unsafe lstat(entry, &status) == 0 && status.st_mode & 0o077 == 0, "\(entry)")
            if entry != path, entry != folder.path + "/a" { _ = unsafe unlink(entry) }
        }
        for entry in [path, folder.path + "/a"] { _ = unsafe rmdir(entry) }
    }

    @Test func whatComesDuringASyncSharesTheNext() async throws {
        let gate = Watched(true)
        let arrived = Watched(0)
        let disk = SimulatedDisk(beforeSync: {
            arrived.update { $0 += 1 }
            _ = gate.wait { $0 }
        })
        let store = try FileMessageStore(in: "log", options: LogScript.options(), files: disk)
        try store.start()
        _ = try await store.append(LogScript.batch(0))
        gate.update { $0 = false }
        let before = disk.syncs
        let batches = (0..<41).map { number in
            var batch = LogScript.batch(number, messages: 1, bytes: 4)
            (batch.term, batch.identity) = (0, nil)
            return batch
        }
        let count = arrived.value
        async let first = store.append(batches[0])
        #expect(await OwnThread.value { arrived.wait { $0 > count } })
        // The disk is busy with the first; forty more come, and their tasks suspend.
        let others = Task {
            try await withThrowingTaskGroup(of: Range<MessageSequence>.self) { group in
                for batch in batches.dropFirst() { group.addTask { try await store.append(batch) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        while store.snapshot()[.pendingBatches] < 40 { await Task.yield() }
        gate.update { $0 = true }
        _ = try await first
        #expect(try await others.value.count == 40)
        // A batch is counted a moment before it can be taken: the last may miss the group.
        let syncs = disk.syncs - before
        #expect((2...3).contains(syncs) && store.snapshot()[.groupCommits] == syncs + 1)
        try await store.close()
    }

    @Test func whatWaitsIsBounded() async throws {
        let store = try FileMessageStore(
            in: "log",
            options: LogScript.options {
                ($0.pendingMax, $0.pendingBytesMax) = (3, 100)
            }, files: SimulatedDisk())
        let large = LogScript.batch(0, messages: 1, bytes: 101)
        #expect(await code { _ = try await store.append(large) } == .overloaded)
        let waiting = (0..<3).map { _ in Task { try await store.extent() } }
        while store.snapshot()[.pendingBatches] < 3 { await Task.yield() }
        let small = LogScript.batch(0, messages: 1, bytes: 1)
        #expect(await code { _ = try await store.append(small) } == .overloaded)
        #expect(store.snapshot()[.failedBatches] == 2 && store.snapshot()[.pendingBytes] == 0)
        // Nobody ever served it: closing does what waits.
        try await store.close()
        for task in waiting { #expect(try await task.value.range.isEmpty) }
    }

    @Test func errorsReachThoseWhoWait() async throws {
        let disk = SimulatedDisk()
        let store = try FileMessageStore(in: "log", options: LogScript.options(), files: disk)
        try store.start()
        _ = try await store.append(LogScript.batch(0))
        disk.change { $0.capacity = 0 }
        #expect(await code { _ = try await store.append(LogScript.batch(1)) } == .full)
        disk.change { $0.capacity = .max }
        _ = try await store.append(LogScript.batch(1))
        disk.change { $0.nextSyncFails = true }
        #expect(await code { _ = try await store.append(LogScript.batch(2)) } == .failed)
        #expect(await code { _ = try await store.read(from: .first) } == .failed)
        #expect(await code { _ = try await store.append(LogScript.batch(3)) } == .failed)
        #expect(await code { try await store.close() } == .failed)
        let figures = store.snapshot()
        #expect(figures[.failedBatches] == 3 && figures[.storedBatches] == 2)
    }

    @Test func oldFilesAreReleased() async throws {
        let disk = SimulatedDisk()
        let store = try FileMessageStore(in: "log", options: LogScript.options(), files: disk)
        try store.start()
        for number in 0..<120 { _ = try await store.append(LogScript.batch(number)) }
        let files = disk.paths.count
        try await store.release(before: MessageSequence(rawValue: 150))
        #expect(disk.paths.count < files)
        #expect(try await store.extent().range.lowerBound > .first)
        try await store.close()
    }
}
