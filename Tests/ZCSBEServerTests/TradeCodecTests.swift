import SBEVectors
import Testing
import ZCSBEServer

/// Trade's 29 bytes, and what generated encoders and views promise.
@Suite struct TradeCodecTests {
    private func bytes(_ number: UInt64 = 12345) throws -> [UInt8] {
        var memory = [UInt8](repeating: 0xEE, count: 64)
        var span = memory.mutableSpan
        var raw = unsafe span.mutableBytes
        let count = try Trade.encode(into: &raw) { trade in
            trade.tradeId = number
            trade.symbol = "B"
            trade.price = 100.5
            trade.quantity = 1000
            return trade.finish()
        }
        return Array(memory[..<count])
    }

    @Test func tradeTakes29Bytes() throws {
        let expected: [UInt8] = [
            21, 0, 1, 0, 1, 0, 0, 0, 0x39, 0x30, 0, 0, 0, 0, 0, 0, 0x42, 0, 0, 0, 0, 0, 0x20, 0x59, 0x40,
            0xE8, 3, 0,
            0,
        ]
        #expect(try bytes() == expected)
        let trade = try Trade.decode(expected.span)
        #expect(trade.tradeId == 12345)
        #expect(trade.symbol == "B")
        #expect(trade.price == 100.5)
        #expect(trade.quantity == 1000)
        #expect(trade.encodedLength == 21)
    }

    @Test func whatContradictsTheSchemaIsNamed() throws {
        let good = try bytes()
        func error(_ change: (inout [UInt8]) -> Void) -> String {
            var bytes = good
            change(&bytes)
            do {
                _ = try Trade.Value(decoding: bytes.span)
                return "none"
            } catch {
                return error.description
            }
        }
        #expect(error { $0.removeLast(9) } == "Trade: expected 29 bytes, got 20")
        #expect(error { $0 = [] } == "Trade: expected 29 bytes, got 0")
        #expect(error { $0[0] = 20 } == "Trade: expected a block of 21 bytes, got 20")
        #expect(error { $0[0] = 22 } == "Trade: expected 30 bytes, got 29")
        #expect(error { $0[2] = 9 } == "Trade: expected template 1, got 9")
        #expect(error { $0[4] = 7 } == "Trade: expected schema 1, got 7")
        #expect(error { $0.append(0) } == "none")
    }

    @Test func messagesStandOneBehindTheOther() throws {
        var memory = [UInt8](repeating: 0xEE, count: 3 * 29)
        var span = memory.mutableSpan
        var raw = unsafe span.mutableBytes
        var position = 0
        for number in 1...3 as ClosedRange<UInt64> {
            position += try Trade.encode(into: &raw, from: position) { trade in
                trade.tradeId = number
                return trade.finish()
            }
        }
        #expect(position == 87)
        // What stood before is left alone, and a fourth has no room.
        do {
            _ = try Trade.encode(into: &raw, from: 87) { $0.finish() }
            Issue.record("there is no room")
        } catch let error as SBEError {
            #expect(error.code == .noRoom && error.got == 0)
        }
        var numbers: [UInt64] = []
        position = 0
        while position < memory.count {
            numbers.append(try Trade.decode(memory.span, advancing: &position).tradeId)
        }
        #expect(numbers == [1, 2, 3])
        #expect(position == 87)
        // Only what is behind the position counts, and it stays where it is.
        for left in 0..<29 {
            let bytes = Array(memory[..<(58 + left)])
            position = 58
            do {
                _ = try Trade.decode(bytes.span, advancing: &position)
                Issue.record("\(left) bytes are no message")
            } catch { #expect(error.code == .truncated && error.got == left && position == 58) }
        }
    }

    @Test func aNewerBlockIsReadByItsLength() throws {
        var bytes = try bytes()
        bytes[0] = 24
        bytes[6] = 3
        bytes += [1, 2, 3]
        let trade = try Trade.decode(bytes.span)
        #expect(trade.actingVersion == 3)
        #expect(trade.actingBlockLength == 24)
        #expect(trade.quantity == 1000)
    }

    @Test func tooSmallABufferIsAnError() throws {
        for size in 0..<29 {
            var memory = [UInt8](repeating: 0, count: size)
            var span = memory.mutableSpan
            var raw = unsafe span.mutableBytes
            do {
                _ = try Trade.encode(into: &raw) { $0.finish() }
                Issue.record("\(size) bytes are too few")
            } catch let error as SBEError {
                #expect(error == SBEError(.noRoom, at: "Trade", expected: 29, got: size))
            }
        }
    }

    private func lastNumber(_ trades: RawSpan) throws(SBEError) -> UInt64 {
        try Trade.decode(trades.extracting(last: 29)).tradeId
    }

    @Test func writeBuffersGrowAsNeeded() throws {
        var buffer = WriteBuffer(limit: 4096)
        for number in 0..<100 {
            let count = try Trade.append(to: &buffer) { trade in
                trade.tradeId = UInt64(number)
                return trade.finish()
            }
            #expect(count == 29)
        }
        #expect(buffer.count == 2900)
        #expect(try lastNumber(buffer.bytes) == 99)
        // A message that fits nowhere leaves the buffer as it was.
        let long = String(repeating: "x", count: 5000)
        do {
            try VarLengthVectors.TestMessage1.append(to: &buffer) { message in
                try message.data(.encryptedNewPassword, long).finish()
            }
            Issue.record("254 bytes are the most")
        } catch {
            #expect((error as? SBEError)?.code == .dataLength)
        }
        do {
            try BenchCarVectors.Car.append(to: &buffer) { car in
                try car.group(.fuelFigures) { _ in }.group(.performanceFigures) { _ in }
                    .data(.manufacturer, long).data(.model, "").finish()
            }
            Issue.record("the buffer is limited")
        } catch {
            #expect((error as? WriteBufferError)?.code == .limitExceeded)
        }
        #expect(buffer.count == 2900)
    }
}
