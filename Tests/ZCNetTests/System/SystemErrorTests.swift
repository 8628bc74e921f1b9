import Glibc
import Testing

@testable import ZCNet

@Suite struct SystemErrorTests {
    @Test func textOfAnErrorNumber() {
        #expect("\(Errno.addressInUse)" == "EADDRINUSE (Address already in use)")
        #expect("\(Errno(rawValue: EIO))" == "EIO (Input/output error)")
        #expect("\(Errno(rawValue: 9999))" == "errno 9999 (?)")
    }

    @Test func textOfASystemError() {
        let refused = SystemError("connect", on: "127.0.0.1:1", errno: .connectionRefused)
        #expect("\(refused)" == "connect 127.0.0.1:1: ECONNREFUSED (Connection refused)")
        #expect(
            "\(SystemError("epoll_wait", errno: .noMemory))" == "epoll_wait: ENOMEM (Cannot allocate memory)")
    }

    @Test func aCallIsRepeatedAfterInterruptsOnly() throws {
        var results: [(Int32, Int32)] = [(-1, EINTR), (-1, EINTR), (7, 0)]
        let value: Int32 = try systemCall("call") {
            let (result, code) = results.removeFirst()
            errno = code
            return result
        }
        #expect(value == 7 && results.isEmpty)
        var calls = 0
        #expect(throws: SystemError("call", on: "it", errno: Errno(rawValue: EBADF))) {
            let _: Int = try systemCall("call", on: "it") {
                calls += 1
                errno = EBADF
                return -1
            }
        }
        #expect(calls == 1)
    }

    @Test func exhaustionIsWhatOthersMayGiveBack() {
        for errno in [Errno.noDescriptors, .fileTableFull, .noMemory, .noBufferSpace] {
            #expect(errno.isExhaustion)
        }
        #expect(!Errno.connectionReset.isExhaustion && !Errno.connectionAborted.isExhaustion)
    }

    @Test func textOfCausesAndConnectErrors() {
        #expect("\(CloseReason(.io(.connectionReset)))" == "io: ECONNRESET (Connection reset by peer)")
        #expect("\(CloseCause.timeout(.idle))" == "timeout: idle" && "\(CloseCause.shutdown)" == "shutdown")
        #expect("\(CloseCause.protocolError(ProtocolRule("a rule")))" == "protocol error: a rule")
        let attempts = [SystemError("connect", on: "[::1]:1", errno: .connectionRefused)]
        func text(_ cause: ConnectError.Cause, _ attempts: [SystemError] = []) -> String {
            ConnectError(endpoint: "e:1", cause: cause, attempts: attempts).description
        }
        let refused = "connect [::1]:1: ECONNREFUSED (Connection refused)"
        #expect(text(.refused, attempts) == "connect e:1: \(refused)")
        #expect(text(.refused) == "connect e:1: no address")
        #expect(text(.timedOut, attempts) == "connect e:1: timed out; \(refused)")
        #expect(text(.resolution("no")) == "connect e:1: cannot resolve the name: no")
        #expect(text(.stopped) == "connect e:1: the client is shutting down")
        #expect(
            text(.address(AddressError(text: "e", expected: "p", got: "q")))
                == "connect e:1: address \"e\": expected p, got q")
    }
}
