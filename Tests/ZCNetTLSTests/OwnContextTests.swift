#if TLS
import COpenSSL
import Testing
import ZCNet

@testable import ZCNetTLS

/// A server's contexts, of all loops and of a loop alone: handshakes of either come to the same keys, and in
/// a loop's own only the secrets are told that are wanted.
@Suite struct OwnContextTests {
    @Test(arguments: [false, true]) func eitherContextComesToTheSameKeys(isShared: Bool) throws {
        let pair = try RecordsBesideOpenSSLTests.Pair(isShared: isShared)
        #expect(unsafe pair.server.pointee.has_own_context == !isShared)
        let context = unsafe SSL_get_SSL_CTX(pair.server.pointee.ssl)
        // Between handshakes nothing is told in a loop's own.
        #expect(unsafe (SSL_CTX_get_keylog_callback(context) == nil) == !isShared)
        var records = try pair.graduate()
        var record = pair.seal([1, 2, 3])
        let opened = unsafe record.withUnsafeMutableBytes { unsafe records.open($0, behind: 0) }
        #expect(opened.end == 3 && record.starts(with: [1, 2, 3]))
    }

    /// A loop goes over to what was read anew, and keeps nothing of before.
    @Test func aLoopHasContextsOfOneHouse() throws {
        let bench = try HandshakeBench(underWayMax: 1)
        let configuration = TLSSite.configuration()
        let first = try ServerHouse(configuration, since: nil)
        let own = unsafe try #require(bench.context(of: first))
        #expect(unsafe own != first.place.pointee.sites[0].context)
        #expect(unsafe bench.context(of: first) == own)
        weak var kept: ServerHouse?
        do {
            let second = try ServerHouse(configuration, since: first)
            kept = second
            let other = unsafe try #require(bench.context(of: second))
            #expect(unsafe other != second.place.pointee.sites[0].context)
            let shake = unsafe try #require(ztls_shake_make(bench.loop, other, true))
            #expect(unsafe shake.pointee.has_own_context)
            // One that began before goes on with the context of all loops.
            let late = unsafe ztls_context_for(shake.pointee.ssl, first.place, 0)
            #expect(unsafe late == first.place.pointee.sites[0].context && !shake.pointee.has_own_context)
            unsafe ztls_shake_free(shake)
        }
        // Its contexts still name it.
        #expect(kept != nil)
        _ = unsafe bench.context(of: first)
        #expect(kept == nil)
    }
}
#endif
