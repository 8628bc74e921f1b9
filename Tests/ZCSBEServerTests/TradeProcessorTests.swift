import Foundation
import Testing
import ZCNetTesting

@testable import ZCSBEServer

/// Bytes in, trades out.
@Suite struct TradeProcessorTests {
    /// The reference implementation's trades.
    private static let vectors: [(name: String, bytes: [UInt8])] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../SBECompilerTests/Vectors/trade").standardized
        let files =
            (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil))
        return (files ?? []).filter { $0.pathExtension == "bin" }.compactMap { file in
            (try? Data(contentsOf: file)).map { (file.lastPathComponent, [UInt8]($0)) }
        }
    }()

    @Test func theReferencesTradesComeBackByteForByte() throws {
        #expect(Self.vectors.count >= 8)
        for (name, bytes) in Self.vectors {
            let trades = try TradeSamples.process(bytes).get()
            #expect(trades.count == 1 && bytes.count == 29, "\(name)")
            #expect(Trade.encoded(trades) == bytes, "\(name)")
        }
    }

    @Test func theTypicalTrade() throws {
        let bytes = try #require(Self.vectors.first { $0.name == "typical.bin" }).bytes
        #expect(try TradeSamples.process(bytes).get() == [TradeSamples.trade(123_456_789, "A", 101.25, 500)])
    }

    @Test func anyTradesComeBack() throws {
        var random = SimulatedRandom(seed: 29)
        for count in [1, 2, 3, 50, 1000] {
            let trades = (0..<count).map { _ in TradeSamples.random(&random) }
            let frame = Trade.encoded(trades)
            #expect(frame.count == count * Trade.encodedLength)
            #expect(try TradeSamples.process(frame).get() == trades)
        }
    }

    @Test func aFrameCutAnywhereIsTakenWholeOrNotAtAll() throws {
        let trades = TradeSamples.run(1...4)
        let frame = Trade.encoded(trades)
        for count in 0...frame.count {
            switch TradeSamples.process(Array(frame[..<count])) {
            case .success(let taken):
                #expect(count > 0 && count % 29 == 0)
                #expect(taken == Array(trades[..<(count / 29)]))
            case .failure(let error):
                #expect(count == 0 || count % 29 != 0)
                #expect(error.code == .incompleteMessage)
                #expect(error.closeCode == .invalidPayload)
                #expect(error.offset == count / 29 * 29)
                let place = "at byte \(error.offset): Trade: "
                #expect(error.description == place + "expected 29 bytes, got \(count % 29)")
            }
        }
    }

    /// Whatever bits are flipped: a typed error, or as many values as the bytes have room for.
    @Test func flippedBits() {
        let frame = Trade.encoded(TradeSamples.run(1...3))
        for bit in 0..<(frame.count * 8) {
            var flipped = frame
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            switch TradeSamples.process(flipped) {
            case .success(let trades): #expect(trades.count == 3 || bit / 8 % 29 < 2)
            case .failure(let error):
                // Only a header can be wrong: every value of a field is one.
                #expect(bit / 8 % 29 < 8)
                // A longer block moves what is wrong further behind.
                #expect(error.offset <= bit / 8 || bit / 8 % 29 < 2)
                #expect(error.closeCode == .unsupportedData || error.closeCode == .invalidPayload)
            }
        }
    }

    @Test func anyBytesAtAll() {
        var random = SimulatedRandom(seed: 30)
        for _ in 0..<2000 {
            let trades = (0..<(1 + random.next() % 4)).map { _ in TradeSamples.random(&random) }
            var bytes = Trade.encoded(trades)
            for _ in 0..<(random.next() % 6) {
                let place = Int(random.next() % UInt64(bytes.count))
                bytes[place] = UInt8(truncatingIfNeeded: random.next())
            }
            bytes.removeLast(Int(random.next() % 8))
            if case .success(let taken) = TradeSamples.process(bytes) {
                #expect(taken.count <= bytes.count / 8)
            }
        }
    }

    @Test func otherMessagesAreNamed() {
        func error(_ place: Int, _ value: UInt8) -> GatewayError? {
            var frame = Trade.encoded(TradeSamples.run(1...2))
            frame[29 + place] = value
            guard case .failure(let error) = TradeSamples.process(frame) else { return nil }
            return error
        }
        #expect(error(2, 9)?.description == "at byte 29: Trade: expected template 1, got 9")
        #expect(error(2, 9)?.code == .otherTemplate && error(2, 9)?.closeCode == .unsupportedData)
        #expect(error(4, 7)?.description == "at byte 29: Trade: expected schema 1, got 7")
        #expect(error(4, 7)?.code == .otherSchema && error(4, 7)?.closeCode == .unsupportedData)
        #expect(error(0, 20)?.description == "at byte 29: Trade: expected a block of 21 bytes, got 20")
        #expect(error(0, 20)?.code == .invalidMessage && error(0, 20)?.closeCode == .invalidPayload)
        #expect(error(0, 30)?.description == "at byte 29: Trade: expected 38 bytes, got 29")
        #expect(error(0, 30)?.code == .incompleteMessage && error(0, 30)?.message?.code == .truncated)
    }

    @Test func newerVersionsAreReadUnlessTheyAreNotWanted() throws {
        let trades = TradeSamples.run(1...4)
        let frame = TradeSamples.newer(trades[0]) + TradeSamples.newer(trades[1])
        #expect(try TradeSamples.process(frame).get() == Array(trades[...1]))
        var options = GatewayOptions()
        options.versions = 0...0
        guard case .failure(let error) = TradeSamples.process(frame, options) else {
            Issue.record("expected a refusal")
            return
        }
        #expect(error.code == .otherVersion && error.closeCode == .unsupportedData)
        #expect(error.description == "at byte 0: Trade: expected version 0, got 1")
    }

    @Test func versionsMayChangeWithinAFrame() throws {
        let trades = TradeSamples.run(1...6)
        let frame =
            Trade.encoded(trades[0...1]) + TradeSamples.newer(trades[2]) + TradeSamples.newer(trades[3])
            + TradeSamples.newer(trades[4], version: 2, extra: 9) + Trade.encoded(trades[5...5])
        #expect(try TradeSamples.process(frame).get() == trades)
        var sizes: [Int] = []
        try TradeMessageProcessor().process(frame.span) { sizes.append($0.count) }
        #expect(sizes == [2, 2, 1, 1])
        // A fault behind them all: nothing is delivered.
        sizes = []
        #expect(throws: GatewayError.self) {
            try TradeMessageProcessor().process((frame + [1]).span) { sizes.append($0.count) }
        }
        #expect(sizes == [])
    }

    @Test func aBatchIsReadInPlace() throws {
        let frame = Trade.encoded(TradeSamples.run(5...9))
        try TradeMessageProcessor().process(frame.span) { batch in
            #expect(batch.count == 5 && batch.indices == 0..<5 && batch.actingVersion == 0)
            #expect(batch[4].tradeId == 9 && batch[0].symbol == "A" && batch[2].price == 100.5)
            #expect(batch[1].encodedLength == 21)
            #expect(batch.encodedBytes.byteCount == frame.count)
        }
    }
}
