import Glibc
import Synchronization
import ZCNATS
import ZCNet

// Publishes or receives so many messages, and says what that cost, as
// `Benchmarks/reference/nats-peer.c` does.
// Call: nats-benchmark pub|gather-pub|loop-pub|sub URL SUBJECT MESSAGES BYTES. Prints `ready`, then
// `done CPU-SECONDS WALL-SECONDS`. `pub` publishes from another thread than the client's, `gather-pub` too,
// but gathers for a millisecond as the C client does, `loop-pub` from the client's own.

/// What the process has used so far.
struct Cost {
    var cpu: Double
    var wall: Double

    static var now: Cost {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        func seconds(_ value: timeval) -> Double { Double(value.tv_sec) + Double(value.tv_usec) / 1e6 }
        return Cost(
            cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            wall: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }

    static func tell(since before: Cost, until after: Cost) {
        print("done \(after.cpu - before.cpu) \(after.wall - before.wall)")
        fflush(nil)
    }
}

/// What a subscription has counted; of the loop's thread alone until the last message.
final class Count: @unchecked Sendable {
    var received = 0
    var first = Cost(cpu: 0, wall: 0)
}

func receive(_ client: NATSClient, _ pattern: NATSPattern, _ messages: Int) async throws {
    let count = Count()
    let (done, finish) = AsyncStream<Cost>.makeStream()
    client.subscribe(pattern) { _, _ in
        if count.received == 0 { count.first = .now }
        count.received += 1
        if count.received == messages { finish.yield(.now) }
    }
    try await client.flush()
    print("ready")
    fflush(nil)
    for await last in done {
        Cost.tell(since: count.first, until: last)
        return
    }
}

func publish(_ client: NATSClient, _ subject: NATSSubject, _ messages: Int, _ payload: SharedBytes)
    async throws
{
    let before = Cost.now
    var sent = 0
    while sent < messages {
        if client.publish(subject, payload).isAccepted { sent += 1 } else { try await client.flush() }
    }
    try await client.flush()
    Cost.tell(since: before, until: .now)
}

/// What is left to be published; of the loop's thread alone.
final class Rest: @unchecked Sendable {
    var messages: Int
    init(_ messages: Int) { self.messages = messages }
}

func publishOnLoop(
    _ rest: Rest, _ subject: NATSSubject, _ payload: SharedBytes, _ connection: borrowing NATSConnection,
    _ finish: @escaping @Sendable () -> Void
) {
    while rest.messages > 0 {
        guard connection.publish(subject, payload.bytes).isAccepted else {
            return connection.whenWritable { connection in
                publishOnLoop(rest, subject, payload, connection, finish)
            }
        }
        rest.messages -= 1
    }
    finish()
}

let words = CommandLine.arguments
guard words.count == 6, let messages = Int(words[4]), let bytes = Int(words[5]) else {
    print("Call: nats-benchmark pub|gather-pub|loop-pub|sub URL SUBJECT MESSAGES BYTES")
    exit(2)
}
var options = NATSOptions()
options.servers = [words[2]]
// What the C client gathers before it has the caller wait.
options.pendingBytesMax = 1 << 20
if words[1] == "gather-pub" { options.gatherDelay = .milliseconds(1) }
let client = try NATSClient(options)
try client.start()
try await client.connect()
let payload = SharedBytes(copying: [UInt8](repeating: UInt8(ascii: "x"), count: bytes))
let subject = try NATSSubject(words[3])
switch words[1] {
case "sub": try await receive(client, NATSPattern(subject), messages)
case "loop-pub":
    print("ready")
    let before = Cost.now
    let rest = Rest(messages)
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
        client.loop.post { [client] _ in
            client.withConnection { connection in
                publishOnLoop(rest, subject, payload, connection) { continuation.resume() }
            }
        }
    }
    try await client.flush()
    Cost.tell(since: before, until: .now)
default:
    print("ready")
    try await publish(client, subject, messages, payload)
}
client.shutdown(grace: .seconds(1))
client.wait()
