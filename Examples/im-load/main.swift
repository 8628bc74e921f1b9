import ExampleSupport
import ZCNetWebSocket

// Users of a messenger, and whether everything that was acknowledged is there. See ImLoadOptions.

/// Waits until something holds, for so long at most; false where it does not by then.
func wait(_ seconds: Double, _ condition: () async -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while await !condition() {
        if ContinuousClock.now > end { return false }
        try await Task.sleep(for: .milliseconds(20))
    }
    return true
}

/// Everybody comes, a few at a time so that no listener's backlog overflows.
func gather(_ crowd: Crowd) async throws {
    let options = crowd.options
    for first in stride(from: 0, to: options.users, by: 64) {
        let last = min(first + 64, options.users)
        await crowd.onLoop { crowd in
            crowd.add(
                (first..<last).map { index in
                    let group = index % options.groups
                    return User(name: "u\(index)", group: group, channel: crowd.channel(group))
                })
        }
        guard try await wait(60, { await crowd.onLoop { $0.liveCount >= last || $0.losses > 0 } }) else {
            fail("im-load: \(await crowd.onLoop { $0.missing }): \(await crowd.onLoop { $0.refusals })")
        }
    }
    guard try await wait(60, { await crowd.onLoop { $0.liveCount == options.users } }) else {
        fail("im-load: \(await crowd.onLoop { $0.missing })")
    }
}

/// Somebody else reads every group's log from its beginning.
func read(_ crowd: Crowd) async throws -> Bool {
    await crowd.onLoop { crowd in
        crowd.add(
            (0..<crowd.options.groups).map { group in
                User(name: "reader-\(group)", group: group, channel: crowd.channel(group), isReader: true)
            })
    }
    return try await wait(crowd.options.settleSeconds) { await crowd.onLoop { $0.isSettled } }
}

func report(_ crowd: Crowd, _ seconds: Double) -> Bool {
    for group in crowd.ledgers.indices { crowd.ledgers[group].close() }
    let acknowledged = crowd.ledgers.reduce(0) { $0 + $1.acknowledgedCount }
    let stored = crowd.ledgers.reduce(0) { $0 + $1.storedCount }
    let faults = crowd.ledgers.flatMap(\.faults) + crowd.refusals
    say("\(acknowledged) messages acknowledged, \(stored) in \(crowd.ledgers.count) logs")
    say("\(crowd.losses) connections lost, \(crowd.repeats) messages heard again")
    let rate = Double(crowd.toAck.snapshot().count) / seconds
    say("\(Int(rate)) messages/s, asked for \(Int(crowd.options.rate))")
    say("send to ack   " + crowd.toAck.snapshot().line)
    say("send to recv  " + crowd.toRecv.snapshot().line)
    say("times run from when a message was due, and are at most 1/16 too large")
    for fault in faults.prefix(20) { say("FAULT \(fault)") }
    if !crowd.options.toleratesLosses && crowd.losses > 0 { say("FAULT \(crowd.losses) connections lost") }
    return faults.isEmpty && acknowledged > 0 && (crowd.options.toleratesLosses || crowd.losses == 0)
}

let crowd = Crowd(ImLoadOptions())
do {
    try crowd.start()
    try await gather(crowd)
    say("\(crowd.options.users) users in \(crowd.options.groups) groups")
    await crowd.onLoop { $0.phase = .sending }
    try await Task.sleep(for: .seconds(crowd.options.seconds))
    await crowd.onLoop { $0.phase = .settling }
    let isSettled = try await wait(crowd.options.settleSeconds) { await crowd.onLoop { $0.isSettled } }
    if !isSettled { say("FAULT not everything came: \(await crowd.onLoop { $0.missing })") }
    await crowd.onLoop { $0.repeatNewest() }
    let isRepeated = try await wait(crowd.options.settleSeconds) { await crowd.onLoop { $0.isSettled } }
    if !isRepeated { say("FAULT not everything was answered again: \(await crowd.onLoop { $0.missing })") }
    let isRead = try await read(crowd)
    if !isRead { say("FAULT the logs were not read: \(await crowd.onLoop { $0.missing })") }
    await crowd.onLoop { $0.isEnding = true }
    let isGood = await crowd.onLoop { report($0, $0.options.seconds) }
    await crowd.client?.stop(grace: .seconds(1))
    if !(isGood && isSettled && isRepeated && isRead) { fail("im-load: not all went well") }
} catch {
    fail("im-load: \(error)")
}
