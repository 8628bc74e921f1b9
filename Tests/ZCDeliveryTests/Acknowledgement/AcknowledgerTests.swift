import Testing
import ZCNet

@testable import ZCDelivery

@Suite struct AcknowledgerTests {
    /// A store that waits until it is let, and may fail.
    private actor GatedStore: MessageStore {
        private let inner = MemoryMessageStore()
        private var isOpen: Bool
        private var waiters: [CheckedContinuation<Void, Never>] = []
        private var failures: [Int: MessageStoreError] = [:]
        private(set) var appended: [MessageBatch] = []
        private(set) var calls = 0

        init(isOpen: Bool = true, failures: [Int: MessageStoreError] = [:]) {
            self.isOpen = isOpen
            self.failures = failures
        }

        func open() {
            isOpen = true
            for waiter in waiters { waiter.resume() }
            waiters = []
        }

        func append(_ batch: MessageBatch) async throws(MessageStoreError) -> Range<MessageSequence> {
            calls += 1
            let call = calls
            if !isOpen { await withCheckedContinuation { waiters.append($0) } }
            if let failure = failures[call] { throw failure }
            appended.append(batch)
            return try await inner.append(batch)
        }

        func read(
            from sequence: MessageSequence, limit: ReadLimit
        ) async throws(MessageStoreError) -> [StoredBatch] {
            try await inner.read(from: sequence, limit: limit)
        }
        func truncate(from sequence: MessageSequence) async throws(MessageStoreError) {
            try await inner.truncate(from: sequence)
        }
        func extent() async throws(MessageStoreError) -> StoreExtent { await inner.extent() }
    }

    private func message(_ reference: Int, from sender: UInt64 = 1) -> SubmittedMessage {
        SubmittedMessage(
            from: ConnectionID(rawValue: sender), reference: UInt64(reference),
            bytes: SharedBytes("\(sender):\(reference)".utf8))
    }

    @Test func answersCarryTheStoresNumbersInOrder() async throws {
        let store = MemoryMessageStore()
        let answers = Watched<[Acknowledgement]>([])
        let acknowledger = try Acknowledger<UInt64>(storingIn: store) { new in
            answers.update { $0 += new }
        }
        let running = Task { await acknowledger.run() }
        let (senders, each) = (4, 3000)
        await withTaskGroup(of: Void.self) { group in
            for sender in 1...senders {
                group.addTask {
                    for number in 0..<each {
                        let answer = acknowledger.submit(
                            message(number, from: UInt64(sender)), key: UInt64(sender))
                        #expect(answer == .added)
                    }
                }
            }
        }
        acknowledger.close()
        await running.value
        #expect(acknowledger.submit(message(1), key: 1) == .closed && acknowledger.pending == 0)
        let all = answers.value
        #expect(all.count == senders * each)
        #expect(acknowledger.snapshot()[.sentAcknowledgements] == senders * each)
        var stored: [UInt64: SharedBytes] = [:]
        var next = MessageSequence.first
        while true {
            let read = try await store.read(from: next, limit: ReadLimit())
            guard let last = read.last else { break }
            for batch in read {
                for (index, bytes) in batch.batch.messages.enumerated() {
                    stored[(batch.range.lowerBound + index).rawValue] = bytes
                }
            }
            next = last.range.upperBound
        }
        #expect(stored.count == all.count)
        for sender in 1...senders {
            let own = all.filter { $0.sender.rawValue == UInt64(sender) }
            #expect(own.map(\.reference) == Array(0..<UInt64(each)))
            let numbers = try own.map { try $0.result.get() }
            #expect(numbers == numbers.sorted())
            for (answer, number) in zip(own, numbers) {
                #expect(stored[number.rawValue] == SharedBytes("\(sender):\(answer.reference)".utf8))
            }
        }
    }

    @Test func whatComesDuringAnAppendMakesTheNext() async throws {
        let store = GatedStore(isOpen: false)
        let answers = Watched<[Acknowledgement]>([])
        let acknowledger = try Acknowledger<UInt64>(storingIn: store) { new in answers.update { $0 += new } }
        acknowledger.submit(message(0), key: 1)
        let running = Task { await acknowledger.run() }
        while await store.calls == 0 { await Task.yield() }
        for number in 1...100 { acknowledger.submit(message(number), key: UInt64(number % 3)) }
        #expect(acknowledger.submit((101...110).map { message($0) }, key: 1) == .added)
        #expect(answers.value.isEmpty)
        await store.open()
        acknowledger.close()
        await running.value
        #expect(answers.value.count == 111)
        #expect(await store.appended.map(\.messages.count) == [1, 110])
        // Each append can be told from a repetition.
        let identities = await store.appended.compactMap(\.identity)
        #expect(identities.map(\.number) == [1, 2] && Set(identities.map(\.producer)).count == 1)
    }

    @Test func batchesAreLimited() async throws {
        let store = GatedStore()
        var limits = AcknowledgerLimits()
        (limits.batchMessagesMax, limits.queue.batchEventsMax) = (10, 4)
        let answers = Watched(0)
        let acknowledger = try Acknowledger<UInt64>(storingIn: store, limits: limits) { new in
            answers.update { $0 += new.count }
        }
        for number in 0..<100 { acknowledger.submit(message(number), key: UInt64(number % 5)) }
        acknowledger.close()
        await acknowledger.run()
        #expect(answers.value == 100)
        #expect(await store.appended.allSatisfy { $0.messages.count <= 13 })
        limits.batchBytesMax = 0
        #expect(throws: ConfigurationError.self) {
            try Acknowledger<UInt64>(storingIn: store, limits: limits) { _ in }
        }
    }

    @Test func failuresAreAnsweredAndTheRestGoesOn() async throws {
        let store = GatedStore(failures: [2: MessageStoreError(.full)])
        let answers = Watched<[Acknowledgement]>([])
        var limits = AcknowledgerLimits()
        limits.batchMessagesMax = 1
        limits.queue.batchEventsMax = 1
        let acknowledger = try Acknowledger<UInt64>(storingIn: store, limits: limits) { new in
            answers.update { $0 += new }
        }
        for number in 0..<3 { acknowledger.submit(message(number), key: 1) }
        acknowledger.close()
        await acknowledger.run()
        let results = answers.value.map { try? $0.result.get().rawValue }
        #expect(answers.value.map(\.reference) == [0, 1, 2] && results == [1, nil, 2])
        #expect(acknowledger.snapshot()[.sentRefusals] == 1)
    }

    @Test func cancellationAnswersWhatWaits() async throws {
        let store = GatedStore(isOpen: false)
        let answers = Watched<[Acknowledgement]>([])
        let acknowledger = try Acknowledger<UInt64>(storingIn: store) { new in answers.update { $0 += new } }
        acknowledger.submit(message(0), key: 1)
        let running = Task { await acknowledger.run() }
        while await store.calls == 0 { await Task.yield() }
        for number in 1...5 { acknowledger.submit(message(number), key: 1) }
        running.cancel()
        await store.open()
        await running.value
        let codes = answers.value.map { answer -> MessageStoreError.Code? in
            if case .failure(let error) = answer.result { error.code } else { nil }
        }
        // The append that was under way ended as it would have.
        #expect(codes == [nil] + Array(repeating: .closed, count: 5))
        // And one that waits for nothing ends at once.
        let idle = try Acknowledger<UInt64>(storingIn: store) { _ in }
        let waiting = Task { await idle.run() }
        waiting.cancel()
        await waiting.value
    }
}
