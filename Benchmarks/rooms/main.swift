import Glibc

// What a broadcast to a room costs the loop's thread per message delivered, beside bare `send` calls by the
// same thread to the same sockets. Call: Scripts/bench/rooms
//
// Options: MEMBERS (5000), BYTES (512), MESSAGES per round (20), ROUNDS (15).
let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
func option(_ index: Int, _ usual: Int) -> Int { index < numbers.count ? numbers[index] : usual }

do {
    let broadcast = try Broadcast(
        members: option(0, 5000), bytes: option(1, 512), messages: option(2, 20))
    try broadcast.run(rounds: option(3, 15))
} catch {
    print("room-benchmark: \(error)")
    exit(1)
}
