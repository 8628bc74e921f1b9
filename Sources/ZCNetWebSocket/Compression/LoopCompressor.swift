#if Deflate
import Synchronization
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
    #if Libdeflate
    /// What does whole messages that stand by themselves, made with the first; nil where it is not wanted, or
    /// there is no memory.
    private lazy var whole = keepsToZlib ? nil : WholeMessageCodec()
    #endif
    /// Whether nothing but contexts is used, also where the build has libdeflate.
    private let keepsToZlib: Bool

    package init(
        idleContextsMax: Int = LoopCompressor.defaultIdleContextsMax,
        contextBytesMax: Int = LoopCompressor.defaultContextBytesMax, budget: MemoryBudget = MemoryBudget(),
        keepsToZlib: Bool = false
    ) {
        self.budget = budget
        self.keepsToZlib = keepsToZlib
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
        #if Libdeflate
        if let isSmaller = whole?.compress(message, settings, into: &output) { return isSmaller }
        #endif
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

    /// Inflates a whole message that stands by itself into the end of `output`; false leaves it as it was,
    /// and the message to a context.
    func inflateAlone(_ payload: RawSpan, into output: inout WriteBuffer, messageBytesMax: Int) -> Bool {
        #if Libdeflate
        whole?.inflate(payload, into: &output, messageBytesMax: messageBytesMax) ?? false
        #else
        false
        #endif
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

/// Idle contexts of several kinds, few enough to be found by looking at each.
///
/// **Complexity.** O(kept); no allocation once warm.
struct ContextShelf<Key: Equatable, Context: AnyObject> {
    /// How many are kept; when one more comes, the one that waited longest goes.
    let keptMax: Int
    private var idle: [(key: Key, context: Context)] = []

    init(keptMax: Int) {
        self.keptMax = keptMax
        idle.reserveCapacity(keptMax)
    }

    var count: Int { idle.count }

    /// The context of that kind that was put back last.
    mutating func take(_ key: Key) -> Context? {
        guard let index = idle.lastIndex(where: { $0.key == key }) else { return nil }
        return idle.remove(at: index).context
    }

    mutating func put(_ context: Context, _ key: Key) {
        guard keptMax > 0 else { return }
        if idle.count == keptMax { idle.removeFirst() }
        idle.append((key, context))
    }

    mutating func removeAll() { idle.removeAll(keepingCapacity: true) }
}

/// The compressed frames of one prepared message, one for each window that connections agreed on.
///
/// A form is made when it is first needed, once for all connections and loops: whoever needs it meanwhile
/// waits, for less than making it would take, or a little longer where another message's form is being made
/// under the same lock. A message compressed by itself may be sent to anybody whose window is at least as
/// large; level and memory are the compressor's own matter, and the first one's.
///
/// **Threads.** Any. A form that is there costs two loads; only making one takes a lock.
package final class CompressedForms: Sendable {
    /// What compressing came to.
    private final class Form: Sendable {
        /// The whole frame of a server; nil when the message does not get smaller.
        let frame: SharedBytes?
        init(_ frame: SharedBytes?) { self.frame = frame }
    }

    private static let windowBits = 9...15

    /// By window bits, from 9 on.
    private let forms: InlineArray<7, AtomicLazyReference<Form>>
    /// A bit for each form that is there. Whoever sees it set sees the form's contents too: `load()` of the
    /// reference alone promises that only by the data dependency, which the thread sanitizer does not know.
    private let made = Atomic<UInt8>(0)
    /// What making takes. A few for all messages, as most of these never need one, and a lock that is made
    /// with the first form would have to be published as well. Each counts, as a value without a size would
    /// lie where the object begins, and the thread sanitizer takes a look at that for one at the value.
    private static let making: InlineArray<16, Locked<Int>> = InlineArray { _ in Locked(0) }

    private func whileMaking(_ body: () -> Void) {
        let index = ObjectIdentifier(self).hashValue & (Self.making.count - 1)
        Self.making[index].withLock { count in
            count &+= 1
            body()
        }
    }

    package init() { forms = InlineArray { _ in AtomicLazyReference() } }

    /// How often the message was compressed.
    package var madeCount: Int { made.load(ordering: .acquiring).nonzeroBitCount }

    /// The frame for a window, made by `make` if need be; nil when the message is to be sent as it is.
    package func frame(windowBits: Int, _ make: () -> SharedBytes?) -> SharedBytes? {
        guard Self.windowBits.contains(windowBits) else { return nil }
        let index = windowBits - Self.windowBits.lowerBound
        let bit = UInt8(1) << UInt8(index)
        if made.load(ordering: .acquiring) & bit == 0 {
            whileMaking {
                if made.load(ordering: .relaxed) & bit != 0 { return }
                _ = forms[index].storeIfNil(Form(make()))
                made.bitwiseOr(bit, ordering: .releasing)
            }
        }
        return forms[index].load()?.frame
    }
}
#endif
