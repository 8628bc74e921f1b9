#if Deflate
import ZCNet

/// The compression contexts of a loop's connections.
///
/// Where no context is taken over, a message's context is of no use after the message: connections borrow
/// one for the time of a message and give it back, so that a loop with any number of such connections
/// needs as many contexts as messages are under way at a time, which is one where messages are whole.
///
/// **Ownership.** Idle contexts are the loop's, borrowed ones the borrower's, who may also drop them; their
/// memory stays on the loop's account until they are gone.
///
/// **Threads.** The loop's only.
///
/// **Limits.** `idleContextsMax` kept in each direction, `contextBytesMax` for all contexts, idle or not.
package final class LoopCompressor {
    /// Four cover the usual parameter sets of a server or two.
    package static let defaultIdleContextsMax = 4
    /// 256 MiB are 1,300 connections that take over full windows in both directions, at the default memory
    /// level.
    package static let defaultContextBytesMax = 256 << 20

    /// The memory of all contexts.
    package let account: DeflateAccount
    private let budget: MemoryBudget
    /// What of the account is in the loop's books.
    private var settledBytes = 0
    private var deflaters: ContextShelf<Deflater.Settings, Deflater>
    private var inflaters: ContextShelf<Int, Inflater>

    package init(
        idleContextsMax: Int = LoopCompressor.defaultIdleContextsMax,
        contextBytesMax: Int = LoopCompressor.defaultContextBytesMax, budget: MemoryBudget = MemoryBudget()
    ) {
        self.budget = budget
        account = DeflateAccount(bytesMax: contextBytesMax)
        deflaters = ContextShelf(keptMax: idleContextsMax)
        inflaters = ContextShelf(keptMax: idleContextsMax)
    }

    deinit {
        dropIdleContexts()
        budget.release(settledBytes, for: .contexts)
    }

    /// Enters into the loop's books what contexts have taken and given back since the last time.
    func settle() {
        let change = account.bytes - settledBytes
        if change == 0 { return }
        settledBytes += change
        budget.charge(change, for: .contexts)
    }

    /// Contexts that wait for their next use.
    package var idleContextCount: Int { deflaters.count + inflaters.count }

    /// A fresh compressor, the caller's from now on.
    ///
    /// - Throws: when none is idle and memory for another is refused.
    package func borrowDeflater(_ settings: Deflater.Settings) throws(DeflateError) -> Deflater {
        if let idle = deflaters.take(settings) { return idle }
        let bytes = DeflateOptions.deflateContextBytes(
            windowBits: Int(settings.windowBits), memoryLevel: Int(settings.memoryLevel))
        // Nobody has to go for it: a message can be sent as it is.
        return try make(bytes, mayEvict: false) { () throws(DeflateError) in
            try Deflater(settings, account: account)
        }
    }

    /// A fresh decompressor, the caller's from now on.
    ///
    /// - Throws: when none is idle and memory for another is refused.
    package func borrowInflater(windowBits: Int) throws(DeflateError) -> Inflater {
        if let idle = inflaters.take(windowBits) { return idle }
        let bytes = DeflateOptions.inflateContextBytes(windowBits: windowBits)
        return try make(bytes, mayEvict: true) { () throws(DeflateError) in
            try Inflater(windowBits: windowBits, account: account)
        }
    }

    /// Takes a compressor back, in whatever state it is.
    package func giveBack(_ deflater: Deflater) {
        precondition(deflater.account === account, "a context of another loop")
        deflater.reset()
        deflaters.put(deflater, deflater.settings)
        settle()
    }

    /// Takes a decompressor back, in whatever state it is.
    package func giveBack(_ inflater: Inflater) {
        precondition(inflater.account === account, "a context of another loop")
        inflater.reset()
        inflaters.put(inflater, inflater.windowBits)
        settle()
    }

    /// Frees all idle contexts.
    package func dropIdleContexts() {
        deflaters.removeAll()
        inflaters.removeAll()
        settle()
    }

    /// Compresses a whole message by itself: for one connection, or once for many that do not take over
    /// the context and whose windows are no smaller.
    ///
    /// - Returns: whether the end of `output` now has the compressed form. False leaves the output as it
    ///   was: the compressed form would not be smaller, or cannot be made, and the message is to be sent
    ///   as it is.
    package func compressAlone(
        _ message: RawSpan, _ settings: Deflater.Settings, into output: inout WriteBuffer
    ) -> Bool {
        guard let deflater = try? borrowDeflater(settings) else { return false }
        let start = output.count
        defer { giveBack(deflater) }
        do throws(DeflateError) {
            try deflater.compress(message, .message, into: &output)
            if output.count - start < message.byteCount { return true }
        } catch {
            // Why: it is no error to the caller; the message goes as it is.
        }
        output.truncate(to: start)
        return false
    }

    /// Makes a context; idle ones of other kinds make room for it if need be, and then, with `mayEvict`,
    /// connections that hold more.
    private func make<Context>(
        _ bytes: Int, mayEvict: Bool, _ body: () throws(DeflateError) -> Context
    ) throws(DeflateError) -> Context {
        defer { settle() }
        if bytes > budget.available { dropIdleContexts() }
        guard bytes <= budget.available || mayEvict && budget.makeRoom(bytes, holding: 0) else {
            throw DeflateError(
                .outOfMemory, expected: "room for a context of \(bytes) bytes", got: "for \(budget.available)"
            )
        }
        do throws(DeflateError) {
            return try body()
        } catch {
            guard error.code == .outOfMemory, idleContextCount > 0 else { throw error }
            dropIdleContexts()
            return try body()
        }
    }
}

@available(*, unavailable)
extension LoopCompressor: Sendable {}
#endif
