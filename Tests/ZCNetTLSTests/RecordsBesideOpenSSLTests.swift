#if TLS
import COpenSSL
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetTLS

/// The own record layer beside OpenSSL's: both are shown the same changed streams, and say the same.
@Suite struct RecordsBesideOpenSSLTests {
    /// Both sides of a handshake that is done, in memory: the client is OpenSSL's, the server both.
    @safe
    final class Pair {
        let bench: HandshakeBench
        let client: UnsafeMutablePointer<ztls_shake>
        let server: UnsafeMutablePointer<ztls_shake>
        private let house: ServerHouse
        private let context: ClientContext

        /// - Parameter isShared: has the server begin with the context of all loops.
        init(isShared: Bool = false) throws {
            bench = try HandshakeBench(underWayMax: 1)
            house = try ServerHouse(TLSSite.configuration(), since: nil)
            context = try ClientContext(TLSGuest.configuration())
            unsafe client = try #require(ztls_shake_make(bench.loop, context.place, false))
            let begin = unsafe isShared ? house.place.pointee.sites[0].context : bench.context(of: house)
            unsafe server = try #require(ztls_shake_make(bench.loop, begin, true))
            var isDone = (client: false, server: false)
            var flight: [UInt8] = []
            for _ in 0..<4 where !(isDone.client && isDone.server) {
                isDone.client = unsafe step(client, &flight)
                isDone.server = unsafe step(server, &flight)
            }
            #expect(isDone.client && isDone.server)
        }

        deinit {
            unsafe ztls_shake_free(client)
            unsafe ztls_shake_free(server)
        }

        /// What is said, beginning with the loop's output.
        func takeOutput() -> [UInt8] {
            let place = unsafe bench.loop.pointee
            unsafe bench.loop.pointee.output_count = 0
            return unsafe Array(UnsafeBufferPointer(start: place.output, count: place.output_count))
        }

        private func step(_ shake: UnsafeMutablePointer<ztls_shake>, _ flight: inout [UInt8]) -> Bool {
            var taken = 0
            let result = unsafe ztls_shake_step(bench.loop, shake, flight, flight.count, &taken)
            #expect(taken == flight.count || result == ZTLS_IS_DONE)
            flight = takeOutput()
            return result == ZTLS_IS_DONE
        }

        /// The server's keys; its `SSL` goes on too.
        func graduate() throws -> TLSRecords {
            let outcome = unsafe ztls_graduate(bench.ciphers.place, server)
            return unsafe TLSRecords(
                try #require(outcome.pair), suite: outcome.suite, contentBytesMax: outcome.content_max,
                bench: bench.ciphers)
        }

        /// A record of the client's.
        func seal(_ bytes: [UInt8]) -> [UInt8] {
            #expect(unsafe SSL_write(client.pointee.ssl, bytes, Int32(bytes.count)) == bytes.count)
            return takeOutput()
        }

        func updateKeys(asking: Bool) -> [UInt8] {
            _ = unsafe SSL_key_update(client.pointee.ssl, asking ? 1 : 0)
            _ = unsafe SSL_do_handshake(client.pointee.ssl)
            return takeOutput()
        }

        /// What OpenSSL makes of a stream.
        func openByOpenSSL(_ stream: [UInt8]) -> (bytes: [UInt8], reading: ztls_reading, alert: Int32) {
            var room = stream
            var made = 0
            let reading = unsafe room.withUnsafeMutableBufferPointer { room in
                unsafe ztls_kept_open(
                    bench.loop, server, room.baseAddress, room.count, room.baseAddress, &made)
            }
            return unsafe (Array(room.prefix(made)), reading, server.pointee.sent_alert)
        }
    }

    /// A stream of the client's with something wrong in it, or nothing.
    private static func stream(_ pair: Pair, _ random: inout SimulatedRandom) -> (bytes: [UInt8], kind: Int) {
        var records: [[UInt8]] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            if Int.random(in: 0..<6, using: &random) == 0 {
                records.append(pair.updateKeys(asking: Bool.random(using: &random)))
            }
            let count = [1, 2, 100, 1000, 16384].randomElement(using: &random) ?? 1
            records.append(pair.seal(EchoOverTLSTests.bytes(count)))
        }
        let kind = Int.random(in: 0..<8, using: &random)
        let index = Int.random(in: records.indices, using: &random)
        switch kind {
        case 1:
            let place = Int.random(in: records[index].indices, using: &random)
            records[index][place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: records.remove(at: index)
        case 3: records.insert(records[index], at: index)
        case 4: records.swapAt(index, 0)
        case 5: records[index].removeLast(Int.random(in: 1...records[index].count, using: &random))
        case 6: records.insert([21, 3, 3, 0, 2, 2, 40], at: index)
        case 7: records.insert([20, 3, 3, 0, 1, 1], at: index)
        default: break
        }
        return (records.flatMap { $0 }, kind)
    }

    @Test func bothSayTheSameOfChangedStreams() throws {
        var random = SimulatedRandom(seed: 11)
        var (failures, wholes) = (0, 0)
        for round in 0..<150 {
            let pair = try Pair()
            var own = try pair.graduate()
            let (stream, kind) = Self.stream(pair, &random)
            let cut = Int.random(in: 0...stream.count, using: &random)
            let first = TLSRecordsTests.open(&own, Array(stream[..<cut]))
            let second =
                first.failure == nil
                ? TLSRecordsTests.open(&own, first.rest + stream[cut...])
                : TLSRecordsTests.Opened(bytes: [], rest: [], owesAnswer: false, failure: first.failure)
            let theirs = pair.openByOpenSSL(stream)
            #expect(first.bytes + second.bytes == theirs.bytes, "round \(round), kind \(kind)")
            let hasFailed = theirs.reading == ZTLS_READING_FAILED
            if hasFailed { failures += 1 } else { wholes += 1 }
            // A header that cannot be right need not be waited behind: here that is a type or a length, there
            // a version, which RFC 8446 5.1 has ignored.
            let isEarly = second.failure?.contains("5.1") == true || second.failure?.contains("5.2") == true
            let words = unsafe ztls_take_complaint().map { unsafe String(cString: $0) } ?? ""
            #expect(
                (second.failure != nil) == hasFailed || isEarly || words.contains("version"),
                """
                round \(round), kind \(kind), cut \(cut) of \(stream.count): \(second.failure ?? "fine"), \
                rest \(second.rest.count), beside \(theirs.reading) \(theirs.alert) \(words)
                """)
        }
        #expect(failures > 20 && wholes > 20)
    }
}
#endif
