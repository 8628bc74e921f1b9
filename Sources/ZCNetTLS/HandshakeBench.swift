#if TLS
import COpenSSL
import ZCNet

/// What the handshakes of a loop share.
///
/// **Threads.** Made where the server or the client is set up, then the loop's only.
///
/// SAFETY: `@safe` because the memory is its own, freed with it; `Sendable` is unchecked because it goes to
/// its loop once, before that starts.
@safe
final class HandshakeBench: @unchecked Sendable {
    let loop: UnsafeMutablePointer<ztls_loop>
    let ciphers: CipherBench
    var pacer: HandshakePacer
    /// Whose contexts the loop has made its own.
    private var house: ServerHouse?
    /// What connections have agreed on that are not alone with it.
    private var agreements: [Agreement: NegotiatedSecurity] = [:]
    /// Names that strangers ask for are part of it, so that it may not grow for ever.
    private static let agreementsMax = 256

    private struct Agreement: Hashable {
        let version: Int32
        let suite: UInt16
        let applicationProtocol: String?
        let serverName: String?
        let isResumed: Bool
    }

    init(underWayMax: Int) throws(ConfigurationError) {
        guard let loop = unsafe ztls_loop_make(), let ciphers = CipherBench() else {
            let complaint = unsafe ztls_take_complaint().map { unsafe String(cString: $0) }
            throw ConfigurationError(
                field: "security", expected: "the ciphers of TLS 1.3 from the system's OpenSSL",
                got: complaint ?? "a refusal")
        }
        unsafe self.loop = loop
        self.ciphers = ciphers
        pacer = HandshakePacer(underWayMax: underWayMax)
    }

    deinit { unsafe ztls_loop_free(loop) }

    /// What a handshake of a server begins with now.
    func context(of house: ServerHouse) -> OpaquePointer? {
        let context = unsafe ztls_enter_house(loop, house.place)
        // Why behind that: the contexts of the former one may still name it.
        if self.house !== house { self.house = house }
        return unsafe context
    }

    /// What a handshake has agreed on.
    func negotiated(_ ssl: OpaquePointer, provesPeer: Bool) -> NegotiatedSecurity {
        let cipher = unsafe SSL_get_current_cipher(ssl)
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &name, &count)
        let chosen = unsafe String(
            decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
        let agreement = unsafe Agreement(
            version: SSL_version(ssl), suite: SSL_CIPHER_get_protocol_id(cipher),
            applicationProtocol: count == 0 ? nil : chosen,
            serverName: SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { unsafe String(cString: $0) },
            isResumed: SSL_session_reused(ssl) == 1)
        let certificate = unsafe provesPeer ? SSL_get0_peer_certificate(ssl) : nil
        let peer = unsafe certificate.map { unsafe ProvenPeer(certificate: $0) }
        if peer == nil, let known = agreements[agreement] { return known }
        let negotiated = unsafe NegotiatedSecurity(
            version: String(cString: SSL_get_version(ssl)),
            cipherSuite: SSL_CIPHER_standard_name(cipher).map { unsafe String(cString: $0) } ?? "",
            applicationProtocol: agreement.applicationProtocol, serverName: agreement.serverName,
            isResumed: agreement.isResumed, peer: peer)
        if peer == nil && agreements.count < Self.agreementsMax { agreements[agreement] = negotiated }
        return negotiated
    }
}

extension NegotiatedSecurity {
    /// Counts a handshake that has come to this.
    func count(_ base: ConnectionBase) {
        base.count(isResumed ? .tlsHandshakesResumed : .tlsHandshakesFull)
        base.count(version == "TLSv1.3" ? .tlsVersion13 : .tlsVersion12)
        let cipher: Metric =
            if cipherSuite.hasSuffix("POLY1305_SHA256") {
                .tlsCipherChaCha20
            } else {
                cipherSuite.hasSuffix("SHA384") ? .tlsCipherAES256 : .tlsCipherAES128
            }
        base.count(cipher)
    }
}

/// The ciphers of a loop, shared by all of its connections.
///
/// **Threads.** The loop's only.
///
/// SAFETY: `@safe` because the memory is its own, and goes when the last connection that uses it has gone.
@safe
package final class CipherBench {
    package let place: UnsafeMutablePointer<ztls_bench>

    /// Nil where this OpenSSL lacks one of TLS 1.3's three ciphers. `byEVP` takes the slower interface though
    /// the provider offers its functions, for tests.
    package init?(byEVP: Bool = false) {
        guard let place = unsafe ztls_bench_make(byEVP) else { return nil }
        unsafe self.place = place
    }

    deinit { unsafe ztls_bench_free(place) }
}

/// Who goes on with a handshake when: one step per turn of the loop, as each takes longer than a turn should,
/// and only so many under way at a time.
///
/// In a crowd a step comes behind everything else of its turn, so that who is established waits for the rest
/// of one step at most, and never for a second one that stood in front of it. Where nobody has taken a step
/// for a while it is taken as soon as its bytes are there.
///
/// Handshakes under way go first: they hold some 45 KiB each, and end with their next step.
struct HandshakePacer {
    private let underWayMax: Int
    /// When the turn began that the last step was given in.
    private var lastTurn: MonotonicInstant?
    /// Longer than a turn takes with a step in it: a step that is taken at once comes behind none.
    private static let quietTime = Duration.milliseconds(1)
    private var underWay = ArrivalRow<ConnectionID>()
    private var new = ArrivalRow<ConnectionID>()
    /// How many have begun and not come to an end.
    private(set) var underWayCount = 0
    /// Whether the loop has been asked for a turn that goes on with those that wait.
    var isTurnRequested = false

    init(underWayMax: Int) { self.underWayMax = underWayMax }

    private var hasRoom: Bool { underWayCount < underWayMax }

    /// Whether anybody waits who might go on.
    var isReady: Bool { !underWay.isEmpty || (hasRoom && !new.isEmpty) }

    /// Whether anybody waits, be it for a turn or for room.
    var isEmpty: Bool { underWay.isEmpty && new.isEmpty }

    /// How many entries the lines hold, for tests.
    var heldCount: Int { underWay.placeCount + new.placeCount }

    /// Whether a step may be taken at once: nobody waits in front, none was taken for a while, and for one
    /// that begins there is room.
    mutating func takesStep(at turn: MonotonicInstant, isUnderWay: Bool) -> Bool {
        guard underWay.isEmpty, isUnderWay || (new.isEmpty && hasRoom) else { return false }
        if let lastTurn, turn - lastTurn < Self.quietTime { return false }
        lastTurn = turn
        return true
    }

    /// Has a connection wait.
    mutating func append(_ id: ConnectionID, isUnderWay: Bool) {
        if isUnderWay { underWay.append(id) } else { new.append(id) }
    }

    /// Whose turn it is, and whether it begins with it.
    mutating func popFirst() -> (id: ConnectionID, isNew: Bool)? {
        if let id = underWay.takeFirst() { return (id, false) }
        if hasRoom, let id = new.takeFirst() { return (id, true) }
        return nil
    }

    /// Whether this turn's step is still to be given, as it is now, to somebody who waits.
    mutating func givesStep(at turn: MonotonicInstant) -> Bool {
        if lastTurn == turn { return false }
        lastTurn = turn
        return true
    }

    /// A handshake has begun, or is to with the step that was given to it.
    mutating func began() { underWayCount += 1 }

    /// One that had begun is over, however.
    mutating func ended() { underWayCount -= 1 }
}
#endif
