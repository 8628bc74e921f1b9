#if Deflate
import Synchronization
import ZCNet

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
    /// with the first form would have to be published as well.
    private static let making: InlineArray<16, Locked<Void>> = InlineArray { _ in Locked(()) }

    private func whileMaking(_ body: () -> Void) {
        let index = ObjectIdentifier(self).hashValue & (Self.making.count - 1)
        Self.making[index].withLock { _ in body() }
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
