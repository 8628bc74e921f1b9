import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

@Suite struct ReconnectPolicyTests {
    private static func policy(_ change: (inout ReconnectPolicy) -> Void) -> ReconnectPolicy {
        var policy = ReconnectPolicy()
        change(&policy)
        return policy
    }

    @Test func theBoundGrowsUpToItsLimit() {
        let policy = Self.policy {
            $0.initialDelay = .milliseconds(100)
            $0.multiplier = 3
            $0.delayMax = .seconds(2)
        }
        let bounds = (1...5).map { policy.delayBound(beforeAttempt: $0) }
        #expect(bounds == [100, 300, 900, 2000, 2000].map { Duration.milliseconds($0) })
    }

    /// What has grown beyond every number is cut, too.
    @Test(arguments: [1.0, 1.000001, 2, 100]) func theBoundNeverExceedsItsLimit(multiplier: Double) {
        let policy = Self.policy { $0.multiplier = multiplier }
        for attempt in [1, 2, 60, 1000, 1 << 30, Int.max] {
            let bound = policy.delayBound(beforeAttempt: attempt)
            #expect(bound >= policy.initialDelay && bound <= policy.delayMax)
        }
        if multiplier == 1 { #expect(policy.delayBound(beforeAttempt: 1000) == policy.initialDelay) }
    }

    @Test func withoutJitterTheDelayIsTheBound() {
        var random = SimulatedRandom(seed: 1)
        let policy = Self.policy { $0.jitter = .none }
        for attempt in 1...20 {
            #expect(
                policy.delay(beforeAttempt: attempt, using: &random)
                    == policy.delayBound(beforeAttempt: attempt))
        }
    }

    /// Full jitter: within the bound, spread over all of it, and the same for the same seed.
    @Test func fullJitterSpreadsOverTheWholeDelay() {
        let policy = ReconnectPolicy()
        func draw(_ seed: UInt64) -> [Duration] {
            var random = SimulatedRandom(seed: seed)
            return (0..<2000).map { _ in policy.delay(beforeAttempt: 4, using: &random) }
        }
        let delays = draw(7)
        let bound = policy.delayBound(beforeAttempt: 4)
        #expect(bound == .seconds(4))
        #expect(delays.allSatisfy { $0 >= .zero && $0 <= bound })
        let mean = delays.reduce(Duration.zero, +) / delays.count
        #expect(mean > bound * 0.45 && mean < bound * 0.55)
        #expect(
            (0..<10).allSatisfy { tenth in
                delays.contains { $0 >= bound * Double(tenth) / 10 && $0 < bound * Double(tenth + 1) / 10 }
            })
        #expect(draw(7) == delays && draw(8) != delays)
    }

    @Test(arguments: [
        ("policy.initialDelay", Self.policy { $0.initialDelay = .zero }),
        ("policy.delayMax", Self.policy { $0.delayMax = .milliseconds(499) }),
        ("policy.multiplier", Self.policy { $0.multiplier = 0.5 }),
        ("policy.multiplier", Self.policy { $0.multiplier = .nan }),
        ("policy.attemptsMax", Self.policy { $0.attemptsMax = -1 }),
        ("policy.stableAfter", Self.policy { $0.stableAfter = .seconds(-1) }),
    ])
    func everySettingIsCheckedAndNamed(field: String, policy: ReconnectPolicy) {
        #expect(throws: ConfigurationError.self) { try policy.validate() }
        do { try policy.validate() } catch { #expect(error.field == field) }
    }

    // MARK: What is worth another attempt

    private static func refused(_ status: Int) -> WebSocketConnectError.Cause {
        .refused(WebSocketRefusal(head: HTTPResponseHead(status: status)))
    }

    @Test(arguments: [
        (WebSocketConnectError.Cause.timedOut, true), (.closed(CloseReason(.peer)), true),
        (.unreachable(ConnectError(endpoint: "", cause: .refused, attempts: [])), true),
        (.unreachable(ConnectError(endpoint: "", cause: .resolution("?"), attempts: [])), true),
        (Self.refused(503), true), (Self.refused(429), true), (Self.refused(404), false),
        (Self.refused(401), false), (Self.refused(301), false), (.stopped, false), (.cancelled, false),
        (.handshake(HandshakeError(.accept, expected: "", got: "")), false),
        (.request(HandshakeError(.url, expected: "", got: "")), false),
    ])
    func failures(cause: WebSocketConnectError.Cause, isTemporary: Bool) {
        let interruption = WebSocketInterruption.failed(WebSocketConnectError(url: "ws://h", cause: cause))
        #expect(interruption.isTemporary == isTemporary)
    }

    @Test(arguments: [
        (1000, CloseCause.peer, false), (1001, .peer, true), (1005, .peer, false), (1006, .peer, true),
        (1002, .peer, false), (1008, .peer, false), (1011, .peer, true), (1012, .peer, true),
        (1013, .peer, true), (1014, .peer, true), (3000, .peer, false), (4000, .peer, false),
        (1006, .io(.connectionReset), true), (1006, .timeout(.pong), true), (1000, .local, false),
        (1001, .shutdown, false), (1002, .protocolError(ProtocolRule("r")), false),
    ])
    func closes(code: Int, cause: CloseCause, isTemporary: Bool) {
        let reason = WebSocketCloseReason(
            code: WebSocketCloseCode(rawValue: UInt16(code)), cause: cause, isClean: false)
        #expect(WebSocketInterruption.closed(reason).isTemporary == isTemporary)
    }
}
