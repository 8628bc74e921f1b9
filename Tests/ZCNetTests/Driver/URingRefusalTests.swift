import Glibc
import Testing

@testable import ZCNet

/// What needs no io_uring to be tested.
@Suite struct URingRefusalTests {
    @Test func eachRefusalIsExplained() {
        let codes = [ENOSYS, EPERM, EACCES, EINVAL, ENOMEM, EMFILE]
        let reasons = codes.map { URingQueue.explanation(of: $0) }
        #expect(reasons.allSatisfy { !$0.isEmpty } && reasons[1] == reasons[2])
        #expect(Set(reasons).count == 5)
        #expect(reasons[1].contains("io_uring_disabled") && reasons[3].contains("6.1"))
        #expect(reasons[4].contains("RLIMIT_MEMLOCK"))
        let error = URingQueue.error(reasons[5])
        let got = "io_uring_setup: \(Errno.noDescriptors)"
        #expect(error.description == "driver uring: expected io_uring as Linux 6.1 has it, got \(got)")
    }

    @Test func aDriverThatCannotBeHadLeavesNothingBehind() async {
        await #expect(processExitsWith: .success) {
            try ExhaustionTests.withTableOfItsOwn {
                try ExhaustionTests.allowFewDescriptors()
                let taken = ExhaustionTests.takeAllDescriptors()
                for _ in 0..<100 { _ = try? URingDriver() }
                // One for the instance, and none for what wakes it up.
                close(taken[0])
                for _ in 0..<100 { _ = try? URingDriver() }
                let left = ExhaustionTests.takeAllDescriptors()
                #expect(left.count == 1)
                for descriptor in taken.dropFirst() + left { close(descriptor) }
            }
        }
    }

    /// A loop sees 2^32 completions within days.
    @Test func theNumbersOfCompletionsGoOnFromTheirBeginning() {
        let last = UInt32.max
        let overTheEnd: [UInt32] = [last - 2, last - 1, last, 0, 1, 2]
        #expect(Array(URingNumbers(first: last - 2, end: 3)) == overTheEnd)
        #expect(Array(URingNumbers(first: last, end: 0)) == [last])
        #expect(URingNumbers(first: last, end: last).isEmpty)
        #expect(URingNumbers(first: 5, end: last - 5).isEmpty, "the end has been passed")
        #expect(Array(URingNumbers(first: 7, end: 9)) == [7, 8])
    }
}
