#if Deflate
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Whatever comes, a message is decompressed or refused, within its limit, in pieces as whole.
@Suite struct InflaterFuzzTests {
    private struct Outcome: Equatable {
        var bytes: [UInt8]
        var isRefused: Bool
    }

    private static let limit = 20_000

    private func outcome(_ payload: [UInt8], _ inflater: Inflater, pieces: Int) -> Outcome {
        inflater.reset()
        var output = WriteBuffer()
        var start = 0
        do {
            repeat {
                let end = payload.count - start > pieces ? start + pieces : payload.count
                try inflater.inflate(
                    payload.rawView.extracting(start..<end), isLast: end == payload.count,
                    into: &output, messageBytesMax: Self.limit)
                start = end
            } while start < payload.count
        } catch {
            #expect(output.count <= Self.limit)
            #expect(output.capacity <= Self.limit)
            return Outcome(bytes: [], isRefused: true)
        }
        #expect(output.count <= Self.limit)
        return Outcome(bytes: DeflateBytes.of(output), isRefused: false)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func damagedMessages(_ seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed)
        let account = DeflateAccount(bytesMax: 1 << 30)
        let deflater = try DeflateBytes.deflater(account: account)
        // Why 15: a narrower window refuses more or fewer distances depending on how the output is cut.
        let inflater = try Inflater(windowBits: 15, account: account)
        var refused = 0
        for round in 0..<1500 {
            deflater.reset()
            let message = DeflateBytes.text(Int(random.next() % 3000), seed: random.next())
            var payload = try DeflateBytes.compress(message, deflater)
            for _ in 0...(random.next() % 4) {
                let place = Int(random.next() % UInt64(payload.count))
                switch random.next() % 4 {
                case 0: payload[place] ^= 1 << (random.next() % 8)
                case 1: payload[place] = UInt8(truncatingIfNeeded: random.next())
                case 2: payload.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                default: if payload.count > 1 { payload.remove(at: place) }
                }
            }
            let whole = outcome(payload, inflater, pieces: .max)
            let cut = outcome(payload, inflater, pieces: 1 + Int(random.next() % 40))
            #expect(whole == cut, "seed \(seed), round \(round)")
            refused += whole.isRefused ? 1 : 0
        }
        #expect(refused > 300)
    }

    @Test func noise() throws {
        let account = DeflateAccount(bytesMax: 1 << 30)
        let inflater = try Inflater(windowBits: 15, account: account)
        var refused = 0
        for seed in 0..<3000 {
            let payload = DeflateBytes.noise(1 + seed % 200, seed: UInt64(seed))
            let whole = outcome(payload, inflater, pieces: .max)
            #expect(whole == outcome(payload, inflater, pieces: 3), "seed \(seed)")
            refused += whole.isRefused ? 1 : 0
        }
        #expect(refused > 2500)
    }

    /// Damage to a stream whose windows are kept: later messages must not crash either.
    @Test(arguments: [9, 12, 15])
    func damagedTakeover(_ bits: Int) throws {
        var random = SimulatedRandom(seed: UInt64(bits))
        let account = DeflateAccount(bytesMax: 1 << 30)
        var survivors = 0
        for _ in 0..<200 {
            let deflater = try DeflateBytes.deflater(windowBits: 15, account: account)
            let inflater = try Inflater(windowBits: bits, account: account)
            for _ in 0..<6 {
                let message = DeflateBytes.text(Int(random.next() % 4000), seed: random.next())
                var payload = try DeflateBytes.compress(message, deflater)
                payload[Int(random.next() % UInt64(payload.count))] ^= 1 << (random.next() % 8)
                guard
                    let result = try? DeflateBytes.inflate(
                        payload, inflater, messageBytesMax: Self.limit)
                else { break }
                #expect(result.count <= Self.limit)
                survivors += 1
            }
        }
        #expect(survivors > 10)
        #expect(account.blockCount == 0)
    }
}
#endif
