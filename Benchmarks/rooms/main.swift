import BenchmarkSupport
import Glibc

// What a broadcast to a room costs the loop's thread per message delivered, beside bare `send` calls by the
// same thread to the same sockets. Call: Scripts/bench/rooms
//
// Arguments: MEMBERS (5000), BYTES (512), MESSAGES per round (20), ROUNDS (15).
let options = ReportOptions()
let numbers = options.rest.compactMap { Int($0) }
func argument(_ index: Int, _ usual: Int, quick: Int) -> Int {
    index < numbers.count ? numbers[index] : options.isQuick ? quick : usual
}

do {
    let broadcast = try Broadcast(
        members: argument(0, 5000, quick: 200), bytes: argument(1, 512, quick: 512),
        messages: argument(2, 20, quick: 20))
    try broadcast.run(rounds: argument(3, 15, quick: 5)).publish(options)
} catch {
    print("room-benchmark: \(error)")
    exit(1)
}
