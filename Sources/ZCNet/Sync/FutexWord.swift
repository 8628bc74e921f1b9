internal import CZCNet
import Synchronization

/// A word in memory that threads sleep on until its value changes: the kernel's futex.
///
/// Everything in the library that puts a thread to sleep for another one goes through here.
///
/// SAFETY: `@safe` because whoever makes one keeps the word alive and initialised for as long as a copy is
/// used. Swift never reads through the pointer; the kernel does.
@safe
struct FutexWord {
    private let address: UnsafePointer<UInt32>

    init(_ word: UnsafeMutablePointer<Atomic<UInt32>>) {
        // SAFETY: `Atomic<UInt32>` has the layout of its value.
        unsafe address = UnsafePointer(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self))
    }

    /// The kernel compares 32 bits: the low half of a machine word.
    init(lowHalfOf word: UnsafeMutablePointer<Atomic<UInt>>) {
        #if _endian(little)
        let offset = 0
        #else
        let offset = MemoryLayout<UInt>.size - MemoryLayout<UInt32>.size
        #endif
        // SAFETY: within the word, which is aligned to at least its size.
        unsafe address = UnsafePointer(
            UnsafeRawPointer(word).advanced(by: offset).assumingMemoryBound(to: UInt32.self))
    }

    /// Sleeps while the word holds `value`, until woken. May return for nothing: look at the word again.
    ///
    /// - Parameter timeout: the longest sleep in nanoseconds; negative sleeps for as long as it takes.
    /// - Returns: false when the timeout has passed.
    @discardableResult
    func sleep(while value: UInt32, timeoutNanoseconds timeout: Int64 = -1) -> Bool {
        unsafe zc_futex_wait(address, value, timeout) == 0 || Errno.current != .timedOut
    }

    /// Wakes one thread that sleeps on the word.
    func wake() { _ = unsafe zc_futex_wake(address, 1) }
}
