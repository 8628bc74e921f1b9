internal import CZCNet
import ZCLibC

extension URingDriver {
    private static var sendsBeforeTable: UInt8 { 16 }

    package func send(_ descriptor: Descriptor, token: Token, vectors: IOVectors) -> SendOutcome {
        guard let record = find(token) else { return KernelSocket.send(descriptor, vectors: vectors) }
        if record[].flags.contains(.blocked) { return .sent(0) }
        guard vectors.byteCount <= SendStage.sendBytesMax, canStage(record, vectors.byteCount) else {
            return sendNow(record, vectors)
        }
        if !record[].flags.contains(.staged) {
            record[].flags.insert(.staged)
            record[].stagedStart = UInt32(truncatingIfNeeded: sends[].used)
            record[].stagedCount = 0
            state[].staged.append(token.index)
        }
        sends[].append(vectors)
        record[].stagedCount += UInt16(truncatingIfNeeded: vectors.byteCount)
        return .sent(vectors.byteCount)
    }

    /// Whether so many bytes may join what the connection has staged: they must lie right behind it.
    @inline(__always)
    private func canStage(_ record: LoopOwned<URingRecord>, _ count: Int) -> Bool {
        guard sends[].hasRoom(count) else { return false }
        if !record[].flags.contains(.staged) { return true }
        let end = Int(record[].stagedStart) + Int(record[].stagedCount)
        return end == sends[].used
            && Int(record[].stagedCount) + count <= SendStage.connectionBytesMax
    }

    /// Sends by a call of its own, what is staged before everything else.
    private func sendNow(_ record: LoopOwned<URingRecord>, _ vectors: IOVectors) -> SendOutcome {
        let stagedCount = record[].flags.contains(.staged) ? Int(record[].stagedCount) : 0
        guard stagedCount > 0 else {
            let outcome = KernelSocket.send(record[].descriptor, vectors: vectors)
            if case .sent(let count) = outcome, count < vectors.byteCount { waitForRoom(record) }
            return outcome
        }
        switch sendStaged(record) {
        case .failed(let errno): return .failed(errno)
        case .sent where record[].flags.contains(.blocked): return .sent(0)
        default: return sendNow(record, vectors)
        }
    }

    /// Sends what is staged by a call of its own, and keeps what does not fit.
    private func sendStaged(_ record: LoopOwned<URingRecord>) -> SendOutcome {
        let bytes = unsafe sends[].bytes(record[].stagedStart, record[].stagedCount)
        record[].flags.remove(.staged)
        record[].stagedCount = 0
        let outcome = unsafe Self.sendOnce(record[].descriptor, bytes)
        if case .sent(let count) = outcome, count < bytes.count {
            unsafe keep(UnsafeRawBufferPointer(rebasing: bytes[count...]), of: record)
        }
        return outcome
    }

    static func sendOnce(_ descriptor: Descriptor, _ bytes: ArraySlice<UInt8>) -> SendOutcome {
        unsafe bytes.withUnsafeBytes { unsafe sendOnce(descriptor, $0) }
    }

    private static func sendOnce(_ descriptor: Descriptor, _ bytes: UnsafeRawBufferPointer) -> SendOutcome {
        var vector = unsafe iovec(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
        return unsafe withUnsafeMutablePointer(to: &vector) { vector in
            unsafe KernelSocket.send(
                descriptor, vectors: IOVectors(base: vector, count: 1, byteCount: bytes.count))
        }
    }

    package func sendStaged() {
        for position in 0..<state[].staged.count {
            // SAFETY: as in `submitStaged`.
            let record = unsafe LoopOwned(state[].records + Int(state[].staged[position]))
            guard record[].flags.contains(.staged) else { continue }
            if case .failed(let errno) = sendStaged(record) {
                state[].brokenSends.append((record[].token, errno))
            }
        }
        state[].staged.removeAll(keepingCapacity: true)
    }

    package func sendFile(_ descriptor: Descriptor, token: Token, from file: borrowing FileSource)
        -> SendOutcome
    {
        guard let record = find(token) else { return KernelSocket.sendFile(descriptor, from: file) }
        if record[].flags.contains(.blocked) { return .sent(0) }
        if record[].flags.contains(.staged) {
            if case .failed(let errno) = sendStaged(record) { return .failed(errno) }
            if record[].flags.contains(.blocked) { return .sent(0) }
        }
        let outcome = KernelSocket.sendFile(descriptor, from: file)
        if outcome == .sent(0) { waitForRoom(record) }
        return outcome
    }

    package func finishSending(_ descriptor: Descriptor, token: Token) {
        guard let record = find(token) else { return KernelSocket.finishSending(descriptor) }
        if record[].flags.contains(.staged), case .failed(let errno) = sendStaged(record) {
            // Where memory was short, say, no reception will report it, and the peer would wait for an end.
            state[].brokenSends.append((token, errno))
            return
        }
        if record[].flags.contains(.blocked) {
            record[].flags.insert(.finishes)
        } else {
            KernelSocket.finishSending(descriptor)
        }
    }

    package func hasPeerEnded(_ descriptor: Descriptor, token: Token) -> Bool {
        KernelSocket.hasPeerEnded(descriptor)
    }

    package func unacknowledgedBytes(of descriptor: Descriptor, token: Token) -> Int {
        var count = KernelSocket.unacknowledgedBytes(of: descriptor)
        if let record = find(token) {
            count += record[].flags.contains(.staged) ? Int(record[].stagedCount) : 0
            count += state[].rests[token.index]?.count ?? 0
        }
        return count
    }

    // MARK: The turn

    /// Makes requests of what was staged since the last turn; true when there was something.
    func submitStaged() -> Bool {
        if state[].staged.isEmpty { return false }
        for position in 0..<state[].staged.count {
            // SAFETY: the index was that of a record, and records only become more.
            let record = unsafe LoopOwned(state[].records + Int(state[].staged[position]))
            guard record[].flags.contains(.staged) else { continue }
            record[].flags.remove(.staged)
            let bytes = unsafe sends[].bytes(record[].stagedStart, record[].stagedCount)
            let data = userData(URingOperation.send, record)
            let count = UInt32(truncatingIfNeeded: bytes.count)
            let isTabled = record[].flags.contains(.tabled)
            let socket = isTabled ? Int32(state[].staged[position]) : record[].descriptor.rawValue
            let flags = isTabled ? ZC_URING_SQE_FIXED_FILE : 0
            unsafe request { unsafe zc_uring_send($0, socket, flags, bytes.baseAddress, count, data) }
            if !isTabled { considerTable(record) }
        }
        state[].staged.removeAll(keepingCapacity: true)
        return true
    }

    /// Gives a connection that sends often a place in the table of files: that spares the kernel a look-up
    /// per send, and costs a call now and one when the connection is closed.
    private func considerTable(_ record: LoopOwned<URingRecord>) {
        guard record[].sends < Self.sendsBeforeTable else { return }
        record[].sends += 1
        guard record[].sends == Self.sendsBeforeTable,
            state[].queue.setFile(record[].token.index, record[].descriptor.rawValue)
        else { return }
        record[].flags.insert(.tabled)
    }

    /// Looks for sends that did not place everything, before anything else happens: what a callback sends now
    /// must go behind the rest, and the memory of the stage is about to be used again.
    func keepUnplaced() {
        for completion in state[].spilled { keepUnplaced(completion) }
        for number in state[].queue.completed { keepUnplaced(state[].queue.completion(number)) }
    }

    @inline(__always)
    private func keepUnplaced(_ completion: zc_cqe) {
        if completion.user_data >> 56 == URingOperation.send { keepRest(completion) }
    }

    /// Whether this is of a send that placed less than all of its bytes, perhaps none.
    static func isShortSend(_ completion: zc_cqe) -> Bool {
        completion.user_data >> 56 == URingOperation.send
            && (completion.result >= 0 || completion.result == -EAGAIN)
    }

    private func keepRest(_ completion: zc_cqe) {
        guard let record = find(completion), Self.isShortSend(completion) else { return }
        let bytes = unsafe sends[].bytes(record[].stagedStart, record[].stagedCount)
        let placed = max(0, Int(completion.result))
        record[].stagedCount = 0
        unsafe keep(UnsafeRawBufferPointer(rebasing: bytes[placed...]), of: record)
    }

    /// The second look at the same completions: failures are reported in their turn.
    func sendFailed(_ completion: zc_cqe, into sink: any CompletionSink) -> Int {
        guard let record = find(completion), !Self.isShortSend(completion) else { return 0 }
        sink.failed(record[].token, errno: Errno(rawValue: -completion.result))
        return 1
    }

    func reportBrokenSends(into sink: any CompletionSink) -> Int {
        var broken: [(token: Token, errno: Errno)] = []
        swap(&broken, &state[].brokenSends)
        for (token, errno) in broken { sink.failed(token, errno: errno) }
        return broken.count
    }

    // MARK: Waiting for room

    private func keep(_ rest: UnsafeRawBufferPointer, of record: LoopOwned<URingRecord>) {
        unsafe state[].rests[record[].token.index] = Array(rest)
        waitForRoom(record)
    }

    private func waitForRoom(_ record: LoopOwned<URingRecord>) {
        record[].flags.insert(.blocked)
        record[].turn = state[].turn
        let data = userData(URingOperation.room, record)
        let descriptor = record[].descriptor.rawValue
        requestReadiness(descriptor, ZC_EPOLLOUT, repeats: false, data)
    }

    func gotRoom(_ completion: zc_cqe, into sink: any CompletionSink) -> Int {
        guard let record = find(completion), completion.result != -ECANCELED else { return 0 }
        // A failure is reported, with its reason, by whatever receives; a send would only learn that the
        // connection is no more.
        let isBroken = UInt32(bitPattern: completion.result) & ZC_EPOLLERR != 0
        if isBroken && !record[].flags.isDisjoint(with: [.receives, .polls]) { return 0 }
        let token = record[].token
        let index = token.index
        record[].flags.remove(.blocked)
        if let rest = state[].rests.removeValue(forKey: index) {
            let outcome = Self.sendOnce(record[].descriptor, rest[...])
            switch outcome {
            case .sent(let count) where count < rest.count:
                unsafe rest.withUnsafeBytes { bytes in
                    unsafe keep(UnsafeRawBufferPointer(rebasing: bytes[count...]), of: record)
                }
                return 0
            case .failed(let errno):
                sink.failed(token, errno: errno)
                return 1
            default: break
            }
        }
        if record[].flags.contains(.finishes) { KernelSocket.finishSending(record[].descriptor) }
        sink.sent(token, count: 0)
        return 1
    }

    // MARK: Closing

    package func close(_ descriptor: Descriptor, token: Token, reset: Bool) {
        guard let record = find(token) else { return KernelSocket.close(descriptor, reset: reset) }
        var reset = reset
        // Bytes that were taken and cannot leave: only a reset tells the peer that some are missing.
        if record[].flags.contains(.staged) && !reset, case .failed = sendStaged(record) { reset = true }
        let index = token.index
        let rest = state[].rests.removeValue(forKey: index)
        if !state[].held.isEmpty { state[].held[index] = nil }
        withdraw(record)
        record[].token = Token(rawValue: 0)
        record[].flags = []
        if let rest, !reset {
            addLeftover(descriptor, rest)
        } else {
            KernelSocket.close(descriptor, reset: reset)
        }
    }

    /// Takes back every request that holds on to the socket.
    private func withdraw(_ record: LoopOwned<URingRecord>) {
        let flags = record[].flags
        // A request that the kernel has not seen names a descriptor that may be another socket's by the time
        // it does.
        if record[].turn == state[].turn && state[].queue.isEnabled { submit() }
        if flags.contains(.tabled) { _ = state[].queue.setFile(record[].token.index, -1) }
        if flags.contains(.receives) { cancel(userData(URingOperation.receive, record)) }
        if flags.contains(.polls) { cancel(userData(URingOperation.ready, record)) }
        if flags.contains(.blocked) { cancel(userData(URingOperation.room, record)) }
        if flags.contains(.connecting) { cancel(userData(URingOperation.connect, record)) }
    }
}

/// Where small sends wait for the end of the turn, so that the kernel takes them all in one call.
///
/// Who is about to send may write its bytes to `next` beforehand, as far as there is room, and offer them
/// there: then they are not copied. Until they are offered they hold no place, and another's may take it.
///
/// SAFETY: `@safe` because the memory is its own, and `start..<start + count` of a staged send lies within.
@safe
package struct SendStage: ~Copyable {
    let memory: UnsafeMutableRawPointer
    private(set) var used = 0

    /// What one turn may stage; what does not fit is sent at once.
    static var capacity: Int { 1 << 20 }
    /// The largest send that is staged: for more, a call of its own costs less than the copy.
    static var sendBytesMax: Int { 8 << 10 }
    /// The most bytes that one connection may have staged: as far as its record counts.
    static var connectionBytesMax: Int { Int(UInt16.max) }

    init() { unsafe memory = .allocate(byteCount: Self.capacity, alignment: 64) }

    deinit { unsafe memory.deallocate() }

    func hasRoom(_ count: Int) -> Bool { count <= Self.capacity - used }

    /// Where the next bytes go.
    var next: UnsafeMutableRawPointer { unsafe memory + used }

    /// Puts bytes behind the others; there must be room. Those that were written to `next` stay there.
    @inline(__always)
    mutating func append(_ vectors: IOVectors) {
        if unsafe vectors.count == 1 && vectors.base.pointee.iov_base == next {
            used += vectors.byteCount
            return
        }
        for index in 0..<vectors.count {
            let vector = unsafe vectors.base[index]
            guard let start = unsafe vector.iov_base else { continue }
            unsafe (memory + used).copyMemory(from: start, byteCount: vector.iov_len)
            used += unsafe vector.iov_len
        }
    }

    func bytes(_ start: UInt32, _ count: UInt16) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: memory + Int(start), count: Int(count))
    }

    /// Forgets everything: the kernel has taken it.
    mutating func reset() { used = 0 }
}
