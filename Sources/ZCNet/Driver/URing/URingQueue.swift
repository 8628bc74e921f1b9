internal import CZCNet
import ZCLibC

/// The two queues that an io_uring instance shares with the kernel: requests go in, completions come out.
///
/// Loop thread only once `enable` was called; before that only `request`.
///
/// SAFETY: `@safe` because the memory is its own: `ring` lives as long as the value.
@safe
struct URingQueue: ~Copyable {
    private let ring: UnsafeMutablePointer<zc_uring>
    private(set) var isEnabled = false
    /// How many places the table of files has; 0 where the kernel or a limit refuses it.
    let filesCount: Int

    /// Requests that may be filled in before the kernel is shown them.
    static var requestsMax: UInt32 { 2048 }
    /// Completions that may wait; more wait in the kernel, at a price.
    static var completionsMax: UInt32 { 16384 }

    /// Places in the table of files; eight bytes each.
    static var filesMax: Int { 16384 }

    /// Makes an instance, or says why the kernel refuses.
    ///
    /// The sizes are powers of two, and there are at least as many completions as requests.
    init(
        requestsMax: UInt32 = Self.requestsMax, completionsMax: UInt32 = Self.completionsMax
    ) throws(DriverError) {
        // Why not in here: whether `deinit` runs after a throw would hang on what was assigned before it.
        unsafe ring = try Self.open(requestsMax, completionsMax)
        filesCount = unsafe Self.openFiles(ring)
    }

    private static func open(
        _ requestsMax: UInt32, _ completionsMax: UInt32
    ) throws(DriverError) -> UnsafeMutablePointer<zc_uring> {
        let ring = UnsafeMutablePointer<zc_uring>.allocate(capacity: 1)
        unsafe ring.initialize(to: zc_uring())
        let code = unsafe zc_uring_open(ring, requestsMax, completionsMax)
        guard code == 0 else {
            unsafe ring.deallocate()
            throw Self.error(Self.explanation(of: code))
        }
        for operation in [ZC_URING_OP_RECV, ZC_URING_OP_SEND, ZC_URING_OP_ACCEPT, ZC_URING_OP_POLL_ADD]
        where unsafe zc_uring_knows(ring, operation) == 0 {
            unsafe zc_uring_close(ring)
            unsafe ring.deallocate()
            throw Self.error("a kernel without operation \(operation)")
        }
        return unsafe ring
    }

    /// A table for as many descriptors as the process may have, up to `filesMax`. Doing without is only
    /// slower.
    private static func openFiles(_ ring: UnsafeMutablePointer<zc_uring>) -> Int {
        guard let limit = Descriptor.countMax else { return 0 }
        let count = min(limit, filesMax)
        return unsafe zc_uring_files_open(ring, UInt32(count)) == 0 ? count : 0
    }

    deinit {
        unsafe zc_uring_close(ring)
        unsafe ring.deallocate()
    }

    static func error(_ got: String) -> DriverError {
        DriverError(kind: .uring, expected: "io_uring as Linux 6.1 has it", got: got)
    }

    /// Why the kernel refuses, for whoever runs the process.
    static func explanation(of code: Int32) -> String {
        switch code {
        case ENOSYS: "a kernel without it, or without a part of it"
        case EPERM, EACCES: "no permission (kernel.io_uring_disabled, or a filter of system calls)"
        case EINVAL: "a kernel older than Linux 6.1"
        case ENOMEM: "too little memory, or too little that may be locked (RLIMIT_MEMLOCK)"
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

    /// Ends the calling thread's service; the thread that called `enable`.
    mutating func disable() {
        unsafe zc_uring_disable(ring)
        isEnabled = false
    }

    /// Whether the thread calls the instance by its index, which spares a look-up.
    var isRegistered: Bool { unsafe ring.pointee.is_registered != 0 }

    /// A cleared request to be filled in at once; nil when no more fit.
    func request() -> UnsafeMutablePointer<zc_sqe>? { unsafe zc_uring_request(ring) }

    /// Requests that the kernel has not taken yet.
    var unsubmittedCount: Int { Int(unsafe zc_uring_unsubmitted(ring)) }

    /// Submits what was filled in and waits for `completions`, at most so long (negative: for ever).
    func enter(waitFor completions: UInt32, nanoseconds: Int64) -> Int32 {
        unsafe zc_uring_enter(ring, completions, nanoseconds)
    }

    /// Puts a descriptor into a place of the table of files, or -1 to empty it; whether that was done. A call
    /// to the kernel. The table holds on to the socket: empty the place before the descriptor is closed.
    func setFile(_ place: UInt32, _ descriptor: Int32) -> Bool {
        guard place < filesCount else { return false }
        return unsafe zc_uring_files_set(ring, place, descriptor) == 0
    }

    /// Registers a ring of provided buffers.
    func openBuffers(count: Int) throws(DriverError) -> UnsafeMutablePointer<zc_uring_buffer> {
        guard let memory = unsafe zc_uring_buffers_open(ring, UInt32(count)) else {
            throw Self.error("no ring of provided buffers: \(Errno.current)")
        }
        return unsafe memory
    }

    // MARK: Completions

    /// The completions that are there: their numbers, to be looked at with `completion`.
    var completed: URingNumbers {
        unsafe URingNumbers(first: zc_uring_completed_head(ring), end: zc_uring_completed_tail(ring))
    }

    /// Takes the first completion out of the queue, unless all before `end` are out already.
    @inline(__always)
    func take(before end: UInt32) -> zc_cqe? {
        let head = unsafe zc_uring_completed_head(ring)
        var numbers = URingNumbers(first: head, end: end)
        guard let number = numbers.next() else { return nil }
        let completion = completion(number)
        consume(to: numbers.first)
        return completion
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

/// Numbers of successive completions. They count on for as long as the queue exists, and begin anew at 2^32.
struct URingNumbers: Sequence, IteratorProtocol {
    /// The number that comes next.
    private(set) var first: UInt32
    /// The one behind the last.
    let end: UInt32

    init(first: UInt32, end: UInt32) {
        self.first = first
        self.end = end
    }

    /// Also true when the end has been passed: a queue is far shorter than half the numbers.
    var isEmpty: Bool { Int32(bitPattern: end &- first) <= 0 }

    @inline(__always)
    mutating func next() -> UInt32? {
        if isEmpty { return nil }
        defer { first &+= 1 }
        return first
    }
}

/// What the kernel is asked for, but for sends, which stand where their bytes do. The number comes back with
/// every completion.
extension URingDriver {
    /// Accepts connections, until it is cancelled.
    func requestAccepting(_ listener: Int32, repeats: Bool, _ data: UInt64) {
        unsafe request { unsafe zc_uring_accept($0, listener, repeats ? 1 : 0, data) }
    }

    /// Receives into the buffers of all, until it is cancelled or they run out.
    func requestReception(_ descriptor: Int32, _ data: UInt64) {
        unsafe request { unsafe zc_uring_receive($0, descriptor, data) }
    }

    /// Says when the events come: once, or each time.
    func requestReadiness(_ descriptor: Int32, _ events: UInt32, repeats: Bool, _ data: UInt64) {
        unsafe request { unsafe zc_uring_poll($0, descriptor, events, repeats ? 1 : 0, data) }
    }

    /// Takes back the request with the number `target`.
    func requestCancellation(_ target: UInt64, _ data: UInt64) {
        unsafe request { unsafe zc_uring_cancel($0, target, data) }
    }
}
