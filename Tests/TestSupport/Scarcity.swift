package import ZCNet
package import ZCNetTesting

/// Sends numbered messages in order; behind a refusal it waits for `onWritable`.
package final class NumberedSender: Sendable {
    package static let total = 25

    package struct State {
        package var sent: [ConnectionID: Int] = [:]
        package var overflows = 0
        package var otherEnds: [String] = []
        package var refusals = 0
    }

    private let state = Locked(State())

    package init() {}

    package var now: State { state.withLock { $0 } }

    package static func text(_ number: Int) -> String { "\(number) " + String(repeating: "x", count: 1500) }

    package func next(_ id: ConnectionID) -> Int? {
        state.withLock { state in
            let number = state.sent[id, default: 0]
            return number < Self.total ? number : nil
        }
    }

    package func take(_ result: SendResult, _ id: ConnectionID) -> Bool {
        state.withLock { state in
            if result.isAccepted { state.sent[id, default: 0] += 1 }
            if result == .full { state.refusals += 1 }
        }
        return result.isAccepted
    }

    package func ended(isOverflow: Bool, _ reason: String) {
        state.withLock { state in
            if isOverflow { state.overflows += 1 } else { state.otherEnds.append(reason) }
        }
    }
}

/// A loop of 1 MiB, whose memory others take and give back.
package struct MemoryPressure {
    private let host: ConnectionHost
    private var held = 0

    package init(_ group: EventLoopGroup) { host = group.hosts[0] }

    package mutating func leave(_ count: Int) {
        let change = max(host.budget.available - count, -held)
        host.budget.charge(change, for: .requests)
        held += change
    }

    package mutating func letGo() {
        host.budget.release(held, for: .requests)
        held = 0
    }

    /// Has memory and readers come and go for a while.
    package mutating func rage(_ network: SimulatedNetwork, _ peers: [SimulatedPeer], seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed &+ 9)
        for _ in 0..<150 {
            let isShort = random.next() % 40 == 0
            leave(isShort ? Int(random.next() % 3000) : 800_000)
            let peer = peers.randomElement(using: &random)
            if random.next() & 1 == 0 { peer?.pauseReading() } else { peer?.resumeReading() }
            try network.run(for: .milliseconds(3))
        }
        letGo()
        for peer in peers { peer.resumeReading() }
    }
}

/// Small limits and a small memory, so that sends are refused.
package enum Scarcity {
    package static func apply(to limits: inout ConnectionLimits, conflating: Bool = false) {
        limits.outboundBytesMax = 20_000
        limits.outboundHighWatermarkBytes = 10_000
        limits.outboundLowWatermarkBytes = 4000
        limits.overflowPolicy = conflating ? .conflate : .signal
        limits.idleTimeout = nil
    }

    package static func network(_ sending: SimulatedSending, seed: UInt64) -> SimulatedNetwork {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (4096, 4096)
        return SimulatedNetwork(seed: seed, faults: faults, sending: sending)
    }

    package static var loops: EventLoopGroup.Configuration {
        var loops = EventLoopGroup.Configuration()
        loops.limits.memoryBytesMax = 1 << 20
        loops.limits.chunkBytes = 64 << 10
        return loops
    }
}
