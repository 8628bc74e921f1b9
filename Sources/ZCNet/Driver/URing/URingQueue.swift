internal import CZCNet
import Glibc

/// The two queues that an io_uring instance shares with the kernel: requests go in, completions come out.
///
/// Loop thread only once `enable` was called; before that only `request`.
///
/// SAFETY: `@safe` because the memory is its own: `ring` lives as long as the value.
@safe
struct URingQueue: ~Copyable {
    private let ring: UnsafeMutablePointer<zc_uring>
    private(set) var isEnabled = false

    /// Requests that may be filled in before the kernel is shown them.
    static var requestsMax: UInt32 { 2048 }
    /// Completions that may wait; more wait in the kernel, at a price.
    static var completionsMax: UInt32 { 16384 }

    /// Makes an instance, or says why the kernel refuses.
    init() throws(DriverError) {
        unsafe ring = .allocate(capacity: 1)
        unsafe ring.initialize(to: zc_uring())
        let code = unsafe zc_uring_open(ring, Self.requestsMax, Self.completionsMax)
        guard code == 0 else {
            throw DriverError(kind: .uring, reason: Self.explanation(of: code))
        }
        for operation in [ZC_URING_OP_RECV, ZC_URING_OP_SEND, ZC_URING_OP_ACCEPT, ZC_URING_OP_POLL_ADD] {
            if unsafe zc_uring_knows(ring, operation) == 0 {
                throw DriverError(kind: .uring, reason: "the kernel does not know operation \(operation)")
            }
        }
    }

    deinit {
        // Also runs where `init` throws; an instance that could not be opened has nothing to close.
        if unsafe ring.pointee.rings != nil { unsafe zc_uring_close(ring) }
        unsafe ring.deallocate()
    }

    private static func explanation(of code: Int32) -> String {
        switch code {
        case ENOSYS: "the kernel has no io_uring, or one without what Linux 6.1 has"
        case EPERM, EACCES: "not permitted (kernel.io_uring_disabled, or a filter of system calls)"
        case EINVAL: "the kernel is older than Linux 6.1"
        case ENOMEM: "not enough memory, or not enough that may be locked (RLIMIT_MEMLOCK)"
        default: "io_uring_setup: \(Errno(rawValue: code))"
        }
    }

    // MARK: Requests

    /// Makes the calling thread the one that the instance serves.
    mutating func enable() throws(SystemError) {
        let code = unsafe zc_uring_enable(ring)
        if code != 0 { throw SystemError("io_uring_register", errno: Errno(rawValue: code)) }
        isEnabled = true
    }

    /// A cleared request to be filled in at once; nil when no more fit.
    func request() -> UnsafeMutablePointer<zc_sqe>? { unsafe zc_uring_request(ring) }

    /// Requests that the kernel has not taken yet.
    var unsubmittedCount: Int { Int(unsafe zc_uring_unsubmitted(ring)) }

    /// Submits what was filled in and waits for `completions`, at most so long (negative: for ever).
    func enter(waitFor completions: UInt32, nanoseconds: Int64) -> Int32 {
        unsafe zc_uring_enter(ring, completions, nanoseconds)
    }

    /// Registers a ring of provided buffers.
    func openBuffers(count: Int) throws(DriverError) -> UnsafeMutablePointer<zc_uring_buffer> {
        guard let memory = unsafe zc_uring_buffers_open(ring, UInt32(count)) else {
            throw DriverError(kind: .uring, reason: "no ring of provided buffers: \(Errno.current)")
        }
        return unsafe memory
    }

    // MARK: Completions

    /// The completions that are there: their numbers, to be looked at with `completion`.
    var completed: Range<UInt32> {
        let head = unsafe zc_uring_completed_head(ring)
        let count = unsafe zc_uring_completed_tail(ring) &- head
        return head..<(head + min(count, UInt32.max - head))
    }

    /// Whether completions wait in the kernel because the queue was full.
    var isOverflowing: Bool { unsafe zc_uring_overflowed(ring) != 0 }

    @inline(__always)
    func completion(_ number: UInt32) -> zc_cqe {
        unsafe ring.pointee.cqes[Int(number & ring.pointee.cq_mask)]
    }

    /// Gives the places of all completions before `number` back.
    func consume(to number: UInt32) { unsafe zc_uring_consume(ring, number) }
}
