#if TLS
import COpenSSL
import ZCNet
import ZCNetTLS

/// What servers and clients of the fuzzer shake hands with: one certificate, and clients that verify nobody.
///
/// SAFETY: `@safe` because nothing of it changes once it is made, and it lives as long as the program;
/// `Sendable` is unchecked because the fuzzer has one thread.
@safe
final class HandshakeHouse: @unchecked Sendable {
    static let shared = HandshakeHouse()

    let server: OpaquePointer
    let client: OpaquePointer

    private init() {
        let (chain, key) = (Array(FuzzCertificate.certificate.utf8), Array(FuzzCertificate.key.utf8))
        var trouble = ZTLS_FINE
        var settings = unsafe ztls_visitor_settings()
        unsafe settings.keeps_sessions = true
        let credentials = unsafe ztls_credentials_make(chain, chain.count, key, key.count, nil, &trouble)
        let house = unsafe ztls_house_make(1, key, 0)
        unsafe house?.pointee.tickets = ztls_tickets_make(7200)
        unsafe house?.pointee.tickets_per_handshake = 2
        guard let house = unsafe house, unsafe ztls_site_open(house, 0, credentials, nil, 0),
            let server = unsafe house.pointee.sites[0].context,
            let client = unsafe ztls_visitor_make(&settings)
        else { fail("OpenSSL does not take the fuzzer's certificate") }
        unsafe self.server = server
        unsafe self.client = client
    }
}

/// One side of a handshake in memory.
///
/// SAFETY: `@safe` because the memory is its own, freed with it.
@safe
final class HandshakeSide {
    let loop: UnsafeMutablePointer<ztls_loop>
    let shake: UnsafeMutablePointer<ztls_shake>
    private(set) var isDone = false
    private(set) var hasFailed = false
    /// What was received behind the handshake's end.
    private(set) var rest: [UInt8] = []

    init(isServer: Bool) throws {
        let house = HandshakeHouse.shared
        guard let loop = unsafe ztls_loop_make(),
            let shake = unsafe ztls_shake_make(loop, isServer ? house.server : house.client, isServer)
        else { throw Broken("memory for a handshake") }
        unsafe (self.loop, self.shake) = (loop, shake)
    }

    deinit {
        unsafe ztls_shake_free(shake)
        unsafe ztls_loop_free(loop)
    }

    /// Goes on with what came; answers what is to be said.
    func step(_ bytes: [UInt8]) -> [UInt8] {
        if isDone || hasFailed { return [] }
        var taken = 0
        let progress = unsafe ztls_shake_step(loop, shake, bytes, bytes.count, &taken)
        isDone = progress == ZTLS_IS_DONE
        hasFailed = progress == ZTLS_HAS_FAILED
        if isDone { rest += bytes[taken...] }
        return takeOutput()
    }

    func takeOutput() -> [UInt8] {
        let place = unsafe loop.pointee
        unsafe loop.pointee.output_count = 0
        return unsafe Array(UnsafeBufferPointer(start: place.output, count: place.output_count))
    }

    /// The keys of both directions, whose owner the caller is; once, when it is done.
    func takeKeys(_ bench: CipherBench) throws -> (pair: UnsafeMutablePointer<ztls_pair>, suite: Int32) {
        let outcome = unsafe ztls_graduate(bench.place, shake)
        guard let pair = unsafe outcome.pair else { throw Broken("keys of TLS 1.3") }
        return unsafe (pair, outcome.suite)
    }

    /// What OpenSSL makes of a stream of records.
    func open(_ stream: [UInt8]) -> (bytes: [UInt8], reading: ztls_reading, complaint: String) {
        var room = stream
        var made = 0
        let reading = unsafe room.withUnsafeMutableBufferPointer { room in
            unsafe ztls_kept_open(loop, shake, room.baseAddress, room.count, room.baseAddress, &made)
        }
        _ = takeOutput()
        let words = unsafe ztls_take_complaint().map { unsafe String(cString: $0) } ?? ""
        return (Array(room.prefix(made)), reading, words)
    }
}

/// Seals whatever it is told under the keys of one direction, whether that is right or not.
///
/// SAFETY: `@safe` because the keys are its own, wiped and freed with it.
@safe
final class Forger {
    private let bench: CipherBench
    private let pair: UnsafeMutablePointer<ztls_pair>
    private let suite: Int32

    init(_ side: HandshakeSide, _ bench: CipherBench) throws {
        self.bench = bench
        (unsafe pair, suite) = try unsafe side.takeKeys(bench)
    }

    deinit { unsafe ztls_pair_free(bench.place, suite, pair) }

    /// A record of a type, with at most 16,384 bytes.
    func seal(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: content.count + ZTLS_OVERHEAD)
        var bytes = content
        let isSealed = unsafe bytes.withUnsafeMutableBytes { bytes in
            var piece = unsafe iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
            return unsafe withUnsafePointer(to: &piece) { piece in
                var cursor = unsafe ztls_cursor(piece: piece, offset: 0)
                return unsafe ztls_seal(
                    bench.place, suite, &pair.pointee.sending, type, &cursor, content.count, &room)
            }
        }
        return isSealed ? room : []
    }

    /// A KeyUpdate; what follows is under the new keys.
    func updateKeys(_ request: UInt8) -> [UInt8] {
        let record = seal(22, [24, 0, 0, 1, request])
        _ = unsafe ztls_update_keys(bench.place, suite, &pair.pointee.sending)
        return record
    }
}
#endif
