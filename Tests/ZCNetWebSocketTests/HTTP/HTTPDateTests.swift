import Glibc
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

struct HTTPDateTests {
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (253_402_300_800, "Fri, 31 Dec 9999 23:59:59 GMT"), (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
    func dates(seconds: Int64, text: String) {
        #expect(HTTPDate.text(secondsSince1970: seconds) == text)
    }

    @Test func anyDayIsAsTheSystemHasIt() {
        var random = SimulatedRandom(seed: 7)
        for _ in 0..<5000 {
            var seconds = time_t(Int64.random(in: 0...253_402_300_799, using: &random))
            var parts = unsafe tm()
            _ = unsafe gmtime_r(&seconds, &parts)
            var buffer = [CChar](repeating: 0, count: 64)
            // The process never sets a locale, so that names are the C locale's.
            let count = unsafe strftime(&buffer, 64, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            let text = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            #expect(HTTPDate.text(secondsSince1970: Int64(seconds)) == text, "seed 7")
        }
    }

    @Test func theClockIsReadOncePerSecond() {
        var date = HTTPDate()
        var reads = 0
        // The wall clock's seconds end 0.75 s into those of the loop's clock.
        let begin = MonotonicInstant(nanoseconds: 5_000_000_000)
        for step in 0..<400 {
            let elapsed = Int64(step) * 10_000_000
            let wall = 784_111_777 * 1_000_000_000 + 250_000_000 + elapsed
            let text = date.text(at: begin + .nanoseconds(elapsed)) {
                reads += 1
                return (wall / 1_000_000_000, wall % 1_000_000_000)
            }
            #expect(text == HTTPDate.text(secondsSince1970: wall / 1_000_000_000), "step \(step)")
        }
        #expect(reads == 5)
    }

    @Test func theSystemsClockIsTheWallClock() {
        let before = time(nil)
        let now = MonotonicClock.system.wallTime
        let after = time(nil)
        // The coarse clock behind time() may lag by a tick of the kernel's.
        #expect((Int64(before) - 1...Int64(after) + 1).contains(now.seconds))
        #expect((0..<1_000_000_000).contains(now.nanoseconds))
    }

    @Test func aWallClockThatIsSetBackIsFollowed() {
        var date = HTTPDate()
        let begin = MonotonicInstant(nanoseconds: 5_000_000_000)
        _ = date.text(at: begin) { (1_000_000, 0) }
        let later = date.text(at: begin + .seconds(1)) { (500_000, 0) }
        #expect(later == HTTPDate.text(secondsSince1970: 500_000))
    }
}
