#if TLS
import COpenSSL
import ZCNet

/// Where every connection with TLS begins: shakes hands, and hands the connection over with its records
/// opened and sealed from there on. One per loop and side.
struct HandshakeEntry: ConnectionHandler {
    /// Which side of a handshake this one is.
    enum Side {
        case server(TLSServer)
        case client(ClientContext)
    }

    let bench: HandshakeBench
    let side: Side
    /// Where a server's protocol counts connections without a conversation, those that shake hands have a
    /// place there, until the protocol gives them one of its own.
    let places: HandshakeAdmission?
    /// Who has the connection when both sides agree.
    let next: UInt16

    func makeState() -> Handshake { Handshake(bench) }

    /// Gives a loop the role that shakes hands.
    func install(on host: ConnectionHost, _ admission: Admission?) -> UInt16 {
        host.add(ConnectionRole.serving(ConnectionLimits(), admission, { self }, mayReceive: Self.mayReceive))
    }

    func onOpen(_ peer: inout Connection<Handshake>) {
        peer.base.receiveInTurns()
        guard case .server(let server) = side else { return }
        peer.base.treatAsStranger()
        if places?.enter(peer.base) == .refused {
            return peer.base.end(CloseReason(.timeout(.handshake)), isAbortive: true)
        }
        peer.state.deadline = peer.base.now + server.handshakeTimeout
        arm(peer, server.handshakeTimeout)
    }

    /// Looks again when the time is up, or before, as a server with all places taken needs them.
    private func arm(_ peer: borrowing Connection<Handshake>, _ left: Duration) {
        peer.state.timer = peer.schedule(after: min(left, ConnectionBase.crowdedTime), tag: .handshake)
    }

    /// A client's connection has come up: says hello, when it is its turn.
    static func begin(
        _ context: ClientContext, _ greeting: SecurityGreeting, _ peer: borrowing Connection<Handshake>
    ) {
        let handshake = peer.state
        handshake.completion = greeting.completion
        guard let target = context.target(greeting.endpoint) else {
            return fail(
                SecurityError(
                    .noName, expected: "TLSClientConfiguration.serverName, to know whom to expect",
                    got: "a Unix domain socket"), handshake, peer)
        }
        handshake.context = context
        handshake.target = target
        // The one time that it comes: the deadline is before everything.
        handshake.timer = peer.schedule(after: greeting.timeout, tag: .handshake)
        if takesStep(handshake, peer) { sayHello(context, target, handshake, peer) }
    }

    private static func sayHello(
        _ context: ClientContext, _ target: ClientContext.Target, _ handshake: Handshake,
        _ peer: borrowing Connection<Handshake>
    ) {
        guard let shake = unsafe ztls_shake_make(handshake.bench.loop, context.place, false) else {
            return peer.close(.overflow)
        }
        unsafe handshake.shake = shake
        enter(handshake, peer.base)
        guard unsafe ztls_shake_expect(shake, target.name, target.isAddress, context.verifies) else {
            return fail(
                SecurityError(.noName, expected: "a host or an address to expect", got: target.name),
                handshake, peer)
        }
        if let session = context.sessions?.take(target.key) {
            _ = unsafe SSL_set_session(shake.pointee.ssl, session.place)
        }
        let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        if unsafe step(shake, nothing, handshake, peer).progress == ZTLS_HAS_FAILED {
            let complaint = unsafe ztls_take_complaint().map { unsafe String(cString: $0) } ?? "a failure"
            unsafe fail(SecurityError(shake, meantFor: target.name, complaint), handshake, peer)
        }
    }

    /// Everything is taken at once: `SSL` keeps what is less than a record itself.
    func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Handshake>) {
        let handshake = peer.state
        guard Self.takesStep(handshake, peer) else { return peer.leaveUnread(data.count) }
        if unsafe handshake.shake == nil, case .server(let server) = side {
            let house = server.house
            handshake.house = house
            let context = unsafe bench.context(of: house)
            unsafe handshake.shake = ztls_shake_make(bench.loop, context, true)
            Self.enter(handshake, peer.base)
        }
        guard let shake = unsafe handshake.shake else { return peer.close(.overflow) }
        let (progress, taken) = unsafe data.bytes.withUnsafeBytes { bytes in
            unsafe Self.step(shake, bytes, handshake, peer)
        }
        switch progress {
        case ZTLS_WANTS_MORE: break
        case ZTLS_IS_DONE:
            // What follows are the first records.
            peer.leaveUnread(data.count - taken)
            finish(handshake, peer)
        default:
            unsafe refuse(handshake, shake, peer)
        }
    }

    func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<Handshake>) {
        let left = peer.state.deadline - peer.base.now
        if left <= .zero { return peer.close(.timeout(.handshake)) }
        if !peer.base.turnOutWhereFull() { arm(peer, left) }
    }

    func onClose(_ peer: inout Connection<Handshake>, _ reason: CloseReason) {
        let handshake = peer.state
        peer.cancel(handshake.timer)
        places?.leave(peer.id)
        if handshake.isUnderWay {
            peer.base.count(.tlsHandshakesFailed)
            leave(handshake, peer.base)
        }
        guard let completion = handshake.completion else { return }
        handshake.completion = nil
        let cause: ConnectError.Cause =
            switch reason.cause {
            case _ where handshake.failure != nil: handshake.failure.map { .security($0) } ?? .stopped
            case .shutdown: .stopped
            case .timeout: .timedOut
            default: .security(SecurityError(.ended, expected: "a handshake to its end", got: "\(reason)"))
            }
        completion(cause)
    }

    // MARK: Turns

    /// Whether the handshake may go on now; else it waits, with reading paused, until its turn comes.
    private static func takesStep(
        _ handshake: Handshake, _ peer: borrowing Connection<Handshake>
    ) -> Bool {
        let bench = handshake.bench
        if handshake.isDue {
            handshake.isDue = false
            return true
        }
        let isUnderWay = handshake.isUnderWay
        if bench.pacer.takesStep(at: peer.base.turnBegan, isUnderWay: isUnderWay) { return true }
        if handshake.isWaiting { return false }
        handshake.isWaiting = true
        peer.pauseReading()
        bench.pacer.append(peer.id, isUnderWay: isUnderWay)
        requestTurn(bench, peer.base)
        return false
    }

    /// Whether what is there for a connection is to be received now: what it would wait with stays in the
    /// socket otherwise, and a crowd's hellos cost others no time.
    private static func mayReceive(_ peer: borrowing Connection<Handshake>) -> Bool {
        let handshake = peer.state
        if !takesStep(handshake, peer) { return false }
        // For `onData`, which takes the step.
        handshake.isDue = true
        return true
    }

    private static func enter(_ handshake: Handshake, _ base: ConnectionBase) {
        if handshake.isUnderWay { return }
        handshake.isUnderWay = true
        handshake.bench.pacer.began()
        base.count(.tlsHandshakesUnderWay)
    }

    /// A handshake that had begun is over: there is room for one more.
    private func leave(_ handshake: Handshake, _ base: ConnectionBase) {
        handshake.isUnderWay = false
        bench.pacer.ended()
        base.count(.tlsHandshakesUnderWay, by: -1)
        Self.requestTurn(bench, base)
    }

    /// Has the next of those that wait go on, one in each turn.
    private static func requestTurn(_ bench: HandshakeBench, _ base: ConnectionBase) {
        if bench.pacer.isTurnRequested || !bench.pacer.isReady { return }
        bench.pacer.isTurnRequested = true
        let role = base.slot[].role
        base.nextTurn { [bench] in goOn(bench, role, $0) }
    }

    private static func goOn(_ bench: HandshakeBench, _ role: UInt16, _ host: ConnectionHost) {
        bench.pacer.isTurnRequested = false
        // Why asked: what is requested while messages are worked off may still come in the same turn.
        let givesStep = bench.pacer.isReady && bench.pacer.givesStep(at: host.now)
        while givesStep, let next = bench.pacer.popFirst() {
            // It may be over, or have come to its end for another reason.
            guard let slot = host.find(next.id), slot[].role == role else { continue }
            host.withState(slot) { base, place in
                // The role is the handshake's, so its state is what lies there.
                let peer = Connection<Handshake>(base: base, place)
                if next.isNew { enter(peer.state, base) }
                peer.state.isWaiting = false
                peer.resumeReading()
                goOn(peer.state, peer)
            }
            break
        }
        if bench.pacer.isReady && !bench.pacer.isTurnRequested {
            bench.pacer.isTurnRequested = true
            host.nextTurn { [bench] in goOn(bench, role, $0) }
        }
    }

    /// The turn of a connection that has waited: a client's hello, or whatever came meanwhile.
    private static func goOn(_ handshake: Handshake, _ peer: borrowing Connection<Handshake>) {
        if unsafe handshake.shake == nil, let context = handshake.context, let target = handshake.target {
            sayHello(context, target, handshake, peer)
        } else {
            handshake.isDue = true
        }
    }

    /// One step, which takes long: what others were answered in this turn leaves before it.
    private static func step(
        _ shake: UnsafeMutablePointer<ztls_shake>, _ bytes: UnsafeRawBufferPointer,
        _ handshake: Handshake, _ peer: borrowing Connection<Handshake>
    ) -> (progress: ztls_progress, taken: Int) {
        peer.base.sendAhead()
        var taken = 0
        let progress = unsafe ztls_shake_step(
            handshake.bench.loop, shake, bytes.baseAddress, bytes.count, &taken)
        sendOutput(handshake.bench, peer)
        return (progress, taken)
    }

    private static func sendOutput(_ bench: HandshakeBench, _ peer: borrowing Connection<Handshake>) {
        let count = unsafe bench.loop.pointee.output_count
        if count == 0 { return }
        // SAFETY: what the steps have written stays until the next step.
        let bytes = unsafe UnsafeRawBufferPointer(start: bench.loop.pointee.output, count: count)
        unsafe bench.loop.pointee.output_count = 0
        peer.send(unsafe RawSpan(_unsafeBytes: bytes))
    }

    // MARK: The end

    /// Both sides agree: the connection goes on with what was agreed on.
    private func finish(_ handshake: Handshake, _ peer: borrowing Connection<Handshake>) {
        guard let shake = unsafe handshake.takeShake() else { return }
        let base = peer.base
        leave(handshake, base)
        if let error = unsafe pinError(shake) {
            unsafe ztls_shake_free(shake)
            return Self.fail(error, handshake, peer)
        }
        peer.cancel(handshake.timer)
        let negotiated = unsafe bench.negotiated(shake.pointee.ssl, provesPeer: asksForProof(handshake))
        let outcome = unsafe ztls_graduate(bench.ciphers.place, shake)
        let tickets = unsafe keepSessions(shake, handshake.target)
        negotiated.count(base)
        if let pair = unsafe outcome.pair {
            if tickets == nil { unsafe ztls_shake_free(shake) }
            base.install(
                unsafe TLSRecords(
                    pair, suite: outcome.suite, contentBytesMax: outcome.content_max, bench: bench.ciphers,
                    negotiated: negotiated, tickets: tickets, isClient: handshake.target != nil))
        } else {
            base.install(
                unsafe KeptRecords(shake, bench: bench, house: handshake.house, negotiated: negotiated))
        }
        places?.leave(peer.id)
        base.handOver(to: next)
        let completion = handshake.completion
        handshake.completion = nil
        completion?(nil)
    }

    /// Whether the peer's certificate was verified where there is one.
    private func asksForProof(_ handshake: Handshake) -> Bool {
        switch side {
        case .client(let context): context.verifies
        case .server: handshake.house.map { unsafe $0.place.pointee.verification != 0 } ?? false
        }
    }

    /// Keeps what a client may come back with; what watches for more of it in TLS 1.3, where tickets follow
    /// the handshake.
    private func keepSessions(
        _ shake: UnsafeMutablePointer<ztls_shake>, _ target: ClientContext.Target?
    ) -> TicketTaker? {
        guard case .client(let context) = side, let cache = context.sessions, let target else { return nil }
        unsafe cache.take(from: shake, for: target.key)
        guard unsafe SSL_version(shake.pointee.ssl) == TLS1_3_VERSION else { return nil }
        return unsafe TicketTaker(shake, bench: bench, cache: cache, key: target.key)
    }

    private func pinError(_ shake: UnsafeMutablePointer<ztls_shake>) -> SecurityError? {
        guard case .client(let context) = side, !context.pins.isEmpty else { return nil }
        var sum = [UInt8](repeating: 0, count: 32)
        let certificate = unsafe SSL_get0_peer_certificate(shake.pointee.ssl)
        let isKnown = unsafe certificate != nil && ztls_key_sum(certificate, &sum)
        if isKnown && context.pins.contains(sum) { return nil }
        let digits = sum.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return SecurityError(
            .pin, expected: "a key with one of \(context.pins.count) sums", got: "SHA-256 \(digits)")
    }

    /// Ends a client's handshake.
    private static func fail(
        _ error: SecurityError, _ handshake: Handshake, _ peer: borrowing Connection<Handshake>
    ) {
        handshake.failure = error
        peer.close(.protocolError(ProtocolRule(error.description)))
    }

    /// The handshake came to nothing.
    private func refuse(
        _ handshake: Handshake, _ shake: UnsafeMutablePointer<ztls_shake>,
        _ peer: borrowing Connection<Handshake>
    ) {
        let complaint = unsafe ztls_take_complaint().map { unsafe String(cString: $0) } ?? "a failure"
        if let target = handshake.target {
            // A session that leads to a failure does so again.
            if case .client(let context) = side { context.sessions?.forget(target.key) }
            return unsafe Self.fail(
                SecurityError(shake, meantFor: target.name, complaint), handshake, peer)
        }
        peer.close(.protocolError(unsafe Self.rule(shake, complaint)))
    }

    /// What the failed handshake lacked, in OpenSSL's words, and the alert that was sent or received.
    private static func rule(_ shake: UnsafeMutablePointer<ztls_shake>, _ complaint: String) -> ProtocolRule {
        var text = "RFC 8446 4: a handshake that both sides agree to, got: \(complaint)"
        if unsafe shake.pointee.blame != 0 {
            let words = unsafe String(cString: X509_verify_cert_error_string(Int(shake.pointee.blame)))
            text += ": \(words)"
            if let blamed = unsafe shake.pointee.blamed {
                text += unsafe " (\(ProvenPeer(certificate: blamed).subject))"
            }
        }
        let (sent, received) = unsafe (shake.pointee.sent_alert, shake.pointee.received_alert)
        if sent >= 0 { text += unsafe "; sent alert \(sent) (\(String(cString: ztls_alert_name(sent))))" }
        if received >= 0 {
            text += unsafe "; received alert \(received) (\(String(cString: ztls_alert_name(received))))"
        }
        return ProtocolRule(text)
    }
}

/// A handshake under way. Made per connection, and gone when it is handed over.
///
/// SAFETY: `@safe` because the memory is its own, wiped and freed with it.
@safe
final class Handshake {
    let bench: HandshakeBench
    /// Nil until the client's first bytes are here, or are to be sent: who only connects costs little.
    var shake: UnsafeMutablePointer<ztls_shake>?
    /// What the handshake of a server was begun with.
    var house: ServerHouse?
    /// A client's: what it says hello with, whom it is meant for, and who waits for it.
    var context: ClientContext?
    var target: ClientContext.Target?
    var completion: ((ConnectError.Cause?) -> Void)?
    /// Why a client's handshake has failed.
    var failure: SecurityError?
    var timer = TimerID.none
    /// When its time is up.
    var deadline = MonotonicInstant.zero
    /// Whether it is one of those that are under way.
    var isUnderWay = false
    /// Whether it waits for its turn, and whether its turn has come.
    var isWaiting = false
    var isDue = false

    init(_ bench: HandshakeBench) { self.bench = bench }

    deinit { unsafe ztls_shake_free(shake) }

    /// The `SSL` with what belongs to it, whose owner the caller is from here on.
    func takeShake() -> UnsafeMutablePointer<ztls_shake>? {
        defer { unsafe shake = nil }
        return unsafe shake
    }
}
#endif
