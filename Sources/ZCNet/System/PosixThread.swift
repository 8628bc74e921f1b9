internal import CZCNet
import ZCLibC

/// A thread of the operating system, with a name and, if wanted, a processor of its own.
///
/// SAFETY: `@safe` because the handle is only joined, and `join` is called once by its owner.
@safe
package final class PosixThread: @unchecked Sendable {
    private let handle: pthread_t

    private final class Body {
        let name: String
        let processor: Int32?
        let run: @Sendable () -> Void

        init(name: String, processor: Int32?, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.processor = processor
            self.run = run
        }
    }

    /// Starts a thread. A processor that cannot be had is passed over: placement is advice, not a promise.
    package init(name: String, processor: Int32? = nil, run: @escaping @Sendable () -> Void)
        throws(SystemError)
    {
        let body = unsafe Unmanaged.passRetained(Body(name: name, processor: processor, run: run))
        var handle = pthread_t()
        let status = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                _ = unsafe body.name.withCString { unsafe zc_thread_set_name($0) }
                if let processor = body.processor { _ = zc_thread_pin(processor) }
                body.run()
                return nil
            }, body.toOpaque())
        guard status == 0 else {
            unsafe body.release()
            throw SystemError("pthread_create", on: name, errno: Errno(rawValue: status))
        }
        self.handle = handle
    }

    /// Keeps SIGPIPE from the calling thread: `sendfile` and `splice` know no `MSG_NOSIGNAL`, and a file sent
    /// to a peer that is gone must not end the process. What the calls answer says enough.
    static func blockPipeSignal() {
        var signals = sigset_t()
        _ = unsafe sigemptyset(&signals)
        _ = unsafe sigaddset(&signals, SIGPIPE)
        _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits until the thread has ended. Once.
    package func join() { _ = pthread_join(handle, nil) }

    /// Lets the thread end by itself. Instead of `join`.
    package func detach() { _ = pthread_detach(handle) }
}
