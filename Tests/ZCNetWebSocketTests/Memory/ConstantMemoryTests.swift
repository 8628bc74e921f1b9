import Testing

@testable import ZCNet
@testable import ZCNetWebSocket

/// The size of an allocation; Glibc's module has no `malloc.h`.
@_silgen_name("malloc_usable_size")
private func allocationBytes(_ start: UnsafeMutableRawPointer) -> Int

/// What every connection has, whatever its peer does, is not in the books: it is as small as
/// `Docs/Limits.md` says.
@Suite struct ConstantMemoryTests {
    /// The allocation of an object, without what it refers to.
    private func bytes(of object: AnyObject) -> Int {
        unsafe allocationBytes(Unmanaged.passUnretained(object).toOpaque())
    }

    @Test func aConnectionItself() {
        #expect(MemoryLayout<Departure>.stride <= 128, "\(MemoryLayout<Departure>.stride)")
        #expect(MemoryLayout<Outbound>.stride <= 128, "\(MemoryLayout<Outbound>.stride)")
        #expect(Outbound.placeBytesMin <= 512, "\(Outbound.placeBytesMin)")
    }

    /// What each idle connection has, to the byte: it may become less, and here the new number is put down.
    /// More is paid by every connection that there is, so it wants a reason beside what it is good for.
    @Test func whatEveryConnectionCosts() {
        #expect(MemoryLayout<ConnectionSlot>.stride == 104)
        #expect(MemoryLayout<TimerNode>.stride == 32)
        #expect(MemoryLayout<WebSocketSession>.stride == 24)
        #expect(MemoryLayout<WebSocketState<Void>>.stride == 24, "a handler without state adds nothing")
        #expect(MemoryLayout<URingRecord>.stride == 24)
    }

    @Test func aConversation() {
        let extra = bytes(of: SessionExtra())
        #expect(extra <= 512, "\(extra)")
    }

    @Test func anExchangeOfRequests() {
        let server = bytes(of: HTTPExchange(HTTPHeadLimits()))
        let client = bytes(of: ClientExchange(WebSocketClient.Configuration()))
        #expect(server <= 640 && client <= 640, "\(server), \(client)")
    }
}
