#if TLS
import COpenSSL
import ZCNet

/// What the handshakes of a loop share.
///
/// **Threads.** Made where the server is set up, then the loop's only.
///
/// SAFETY: `@safe` because the memory is its own, freed with it; `Sendable` is unchecked because it goes to
/// its loop once, before that starts.
@safe
final class HandshakeBench: @unchecked Sendable {
    let server: UnsafeMutablePointer<ztls_server>
    let ciphers: CipherBench
    var pacer = HandshakePacer()

    init(
        _ credentials: Credentials, _ configuration: TLSServerConfiguration, ticketKeys: [UInt8]
    ) throws(ConfigurationError) {
        let protocols = configuration.wireProtocols
        let made = unsafe protocols.withUnsafeBufferPointer { protocols in
            unsafe ticketKeys.withUnsafeBufferPointer { keys in
                unsafe ztls_server_make(
                    credentials.place, protocols.baseAddress, protocols.count, keys.baseAddress,
                    configuration.sessionTickets)
            }
        }
        guard let made = unsafe made, let ciphers = CipherBench() else {
            let complaint = unsafe ztls_take_complaint().map { unsafe String(cString: $0) }
            throw ConfigurationError(
                field: "certificateChain", expected: "what the system's OpenSSL serves with",
                got: complaint ?? "a refusal")
        }
        unsafe server = made
        self.ciphers = ciphers
    }

    deinit { unsafe ztls_server_free(server) }
}

/// A handshake under way. Made per connection, and gone when it is handed over.
///
/// SAFETY: `@safe` because the memory is its own, wiped and freed with it.
@safe
final class Handshake {
    /// Nil until the client's first bytes are here: who only connects costs little.
    var shake: UnsafeMutablePointer<ztls_shake>?
    var timer = TimerID.none
    /// Whether it waits for its turn, and whether its turn has come.
    var isWaiting = false
    var isDue = false

    deinit { unsafe ztls_shake_free(shake) }
}

/// Where every connection of a server with TLS begins: shakes hands, and hands the connection over with its
/// records opened and sealed from there on. One per loop.
struct HandshakeEntry: ConnectionHandler {
    let bench: HandshakeBench
    let timeout: Duration
    /// Who has the connection when both sides agree.
    let next: UInt16

    func makeState() -> Handshake { Handshake() }

    func onOpen(_ peer: inout Connection<Handshake>) {
        peer.base.treatAsStranger()
        peer.state.timer = peer.schedule(after: timeout, tag: .handshake)
    }

    /// Everything is taken at once: `SSL` keeps what is less than a record itself.
    func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Handshake>) {
        let handshake = peer.state
        guard takesStep(handshake, peer) else { return peer.leaveUnread(data.count) }
        if unsafe handshake.shake == nil { unsafe handshake.shake = ztls_shake_make(bench.server) }
        guard let shake = unsafe handshake.shake else { return peer.close(.overflow) }
        var taken = 0
        let progress = unsafe data.bytes.withUnsafeBytes { bytes in
            unsafe ztls_shake_step(bench.server, shake, bytes.baseAddress, bytes.count, &taken)
        }
        sendOutput(peer)
        switch progress {
        case ZTLS_WANTS_MORE: break
        case ZTLS_IS_DONE:
            // What follows are the first records.
            peer.leaveUnread(data.count - taken)
            unsafe graduate(shake, peer)
        default:
            let rule = unsafe Self.rule(shake)
            peer.close(.protocolError(rule))
        }
    }

    func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<Handshake>) {
        peer.close(.timeout(.handshake))
    }

    func onClose(_ peer: inout Connection<Handshake>, _ reason: CloseReason) {
        peer.cancel(peer.state.timer)
    }

    /// Whether the handshake may go on now; else it waits, with reading paused, until its turn comes.
    private func takesStep(_ handshake: Handshake, _ peer: borrowing Connection<Handshake>) -> Bool {
        if handshake.isDue {
            handshake.isDue = false
            return true
        }
        if bench.pacer.takesStep(at: peer.base.turnBegan) { return true }
        if handshake.isWaiting { return false }
        handshake.isWaiting = true
        peer.pauseReading()
        if bench.pacer.append(peer.id, isUnderWay: unsafe handshake.shake != nil) { requestTurn(peer.base) }
        return false
    }

    /// Has the next of those that wait go on, one in each turn.
    private func requestTurn(_ base: ConnectionBase) {
        let role = base.slot[].role
        base.nextTurn { [bench] in Self.goOn(bench, role, $0) }
    }

    private static func goOn(_ bench: HandshakeBench, _ role: UInt16, _ host: ConnectionHost) {
        while let id = bench.pacer.popFirst(at: host.now) {
            // It may be over, or have come to its end for another reason.
            guard let slot = host.find(id), slot[].role == role else { continue }
            host.withState(slot) { base, place in
                // SAFETY: the role is the handshake's, so its state is what lies there.
                let peer = unsafe Connection<Handshake>(base: base, place)
                (peer.state.isWaiting, peer.state.isDue) = (false, true)
                peer.resumeReading()
            }
            break
        }
        if !bench.pacer.isEmpty { host.nextTurn { [bench] in goOn(bench, role, $0) } }
    }

    private func sendOutput(_ peer: borrowing Connection<Handshake>) {
        let count = unsafe bench.server.pointee.output_count
        if count == 0 { return }
        // SAFETY: what the steps have written stays until the next step.
        let bytes = unsafe UnsafeRawBufferPointer(start: bench.server.pointee.output, count: count)
        unsafe bench.server.pointee.output_count = 0
        peer.send(unsafe RawSpan(_unsafeBytes: bytes))
    }

    private func graduate(_ shake: UnsafeMutablePointer<ztls_shake>, _ peer: borrowing Connection<Handshake>)
    {
        let outcome = unsafe ztls_graduate(bench.ciphers.place, shake)
        guard let pair = unsafe outcome.pair else {
            // Never seen with what the context allows.
            return peer.close(.protocolError(ProtocolRule("RFC 8446 4.4.4: a handshake ends with Finished")))
        }
        peer.cancel(peer.state.timer)
        let base = peer.base
        base.install(
            unsafe TLSRecords(
                pair, suite: outcome.suite, contentBytesMax: outcome.content_max, bench: bench.ciphers))
        base.handOver(to: next)
    }

    /// What the failed handshake lacked, in OpenSSL's words, and the alert that was sent or received.
    private static func rule(_ shake: UnsafeMutablePointer<ztls_shake>) -> ProtocolRule {
        let complaint = unsafe ztls_take_complaint().map { unsafe String(cString: $0) } ?? "it failed"
        var text = "RFC 8446 4: a handshake that both sides agree to, got: \(complaint)"
        let (sent, received) = unsafe (shake.pointee.sent_alert, shake.pointee.received_alert)
        if sent >= 0 { text += unsafe "; sent alert \(sent) (\(String(cString: ztls_alert_name(sent))))" }
        if received >= 0 {
            text += unsafe "; received alert \(received) (\(String(cString: ztls_alert_name(received))))"
        }
        return ProtocolRule(text)
    }
}
#endif
