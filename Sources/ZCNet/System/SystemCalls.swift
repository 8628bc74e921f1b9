import ZCLibC

/// Calls of the C library that fill in something of the caller's, with their answers as values.
///
/// SAFETY: what is passed by address outlives the call, which writes nothing else.
enum SystemCalls {
    /// What a clock shows. Every Linux kernel has the clocks that the library asks.
    @inline(__always)
    static func time(of clock: clockid_t) -> (seconds: Int64, nanoseconds: Int64) {
        var time = timespec()
        let status = unsafe clock_gettime(clock, &time)
        precondition(status == 0, "expected a clock \(clock) of the kernel, got none")
        return (Int64(time.tv_sec), Int64(time.tv_nsec))
    }

    /// How many descriptors the process may have open now (RLIMIT_NOFILE); nil where the kernel does not say.
    static var descriptorsMax: Int? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Int(clamping: limit.rlim_cur)
    }

    /// What an open file is.
    static func status(of descriptor: Descriptor) throws(SystemError) -> stat {
        var status = stat()
        _ = try systemCall("fstat") { unsafe fstat(descriptor.rawValue, &status) }
        return status
    }

    /// How many bytes are in a pipe now.
    static func bytesInPipe(_ descriptor: Descriptor) throws(SystemError) -> Int64 {
        var count: Int32 = 0
        _ = try systemCall("FIONREAD", on: "pipe") {
            unsafe ioctl(descriptor.rawValue, UInt(FIONREAD), &count)
        }
        return Int64(count)
    }

    /// Removes a name from the file system; where there is none, nothing happens.
    static func unlinkFile(_ path: String) { _ = unsafe unlink(path) }

    /// The kernel's text for an error number.
    static func text(of number: Int32) -> String {
        var buffer: [CChar] = Array(repeating: 0, count: 128)
        // The C library writes at most `count` bytes, the terminator included.
        let status = unsafe strerror_r(number, &buffer, buffer.count)
        return status == 0 ? String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self) : "?"
    }
}
