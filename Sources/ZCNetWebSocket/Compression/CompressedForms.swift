#if Deflate
import Synchronization
import ZCNet

/// The compressed frames of one prepared message, one for each window that connections agreed on.
///
/// A form is made when it is first needed, once for all connections and loops: whoever needs it meanwhile
/// waits, for less than making it would take. A message compressed by itself may be sent to anybody whose
/// window is at least as large; level and memory are the compressor's own matter, and the first one's.
///
/// **Threads.** Any. A form that is there costs a load; only making one takes a lock.
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
    /// How many were made; made itself with the first, as most prepared messages never need one.
    private let making = AtomicLazyReference<Locked<Int>>()

    package init() { forms = InlineArray { _ in AtomicLazyReference() } }

    /// How often the message was compressed.
    package var madeCount: Int { making.load()?.withLock { $0 } ?? 0 }

    /// The frame for a window, made by `make` if need be; nil when the message is to be sent as it is.
    package func frame(windowBits: Int, _ make: () -> SharedBytes?) -> SharedBytes? {
        guard Self.windowBits.contains(windowBits) else { return nil }
        let index = windowBits - Self.windowBits.lowerBound
        if let form = forms[index].load() { return form.frame }
        let lock = making.storeIfNil(Locked(0))
        lock.withLock { made in
            if forms[index].load() != nil { return }
            _ = forms[index].storeIfNil(Form(make()))
            made += 1
        }
        return forms[index].load()?.frame
    }
}
#endif
