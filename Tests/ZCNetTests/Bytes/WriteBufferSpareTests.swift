import Testing

@testable import ZCNet

@Suite struct WriteBufferSpareTests {
    @Test func spareRoomIsWrittenAndCounted() throws {
        var buffer = WriteBuffer()
        try buffer.append(1)
        let room = unsafe try buffer.spare(atLeast: 300)
        #expect(room.count >= 300 && room.count == buffer.capacity - 1)
        unsafe room[0] = 2
        unsafe room[1] = 3
        buffer.commit(2)
        #expect([UInt8](copying: buffer.bytes) == [1, 2, 3])
        buffer.truncate(to: 1)
        #expect([UInt8](copying: buffer.bytes) == [1])
        buffer.truncate(to: 0)
        #expect(buffer.count == 0)
    }

    @Test func nothingIsNeededForNothing() throws {
        var buffer = WriteBuffer()
        let room = unsafe try buffer.spare(atLeast: 0)
        #expect(room.count == 0)
        #expect(buffer.capacity == 0)
    }

    @Test func doublingEndsAtTheBound() throws {
        var buffer = WriteBuffer(limit: 10_000)
        _ = unsafe try buffer.spare(atLeast: 1000, capacityMax: 1100)
        #expect(buffer.capacity == 1000)
        buffer.commit(1000)
        _ = unsafe try buffer.spare(atLeast: 1, capacityMax: 1100)
        #expect(buffer.capacity == 1100)
        _ = unsafe try buffer.spare(atLeast: 200, capacityMax: 1100)
        #expect(buffer.capacity == 1200)
        _ = unsafe try buffer.spare(atLeast: 201)
        #expect(buffer.capacity == 2400)
    }

    @Test func theLimitHolds() {
        var buffer = WriteBuffer(limit: 100)
        var code: WriteBufferError.Code?
        do throws(WriteBufferError) { _ = unsafe try buffer.spare(atLeast: 101) } catch { code = error.code }
        #expect(code == .limitExceeded)
        #expect(buffer.capacity == 0)
    }
}
