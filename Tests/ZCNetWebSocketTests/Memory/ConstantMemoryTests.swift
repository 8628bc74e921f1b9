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
        #expect(MemoryLayout<ConnectionSlot>.stride <= 128)
        #expect(MemoryLayout<Departure>.stride <= 128, "\(MemoryLayout<Departure>.stride)")
        #expect(MemoryLayout<Outbound>.stride <= 128, "\(MemoryLayout<Outbound>.stride)")
        #expect(Outbound.placeBytesMin <= 512, "\(Outbound.placeBytesMin)")
    }

    @Test func aConversation() {
        let session = MemoryLayout<WebSocketSession>.stride
        let extra = bytes(of: SessionExtra())
        #expect(session <= 64 && extra <= 512, "\(session), \(extra)")
    }

    @Test func anExchangeOfRequests() {
        let server = bytes(of: HTTPExchange(HTTPHeadLimits()))
        let client = bytes(of: ClientExchange(WebSocketClient.Configuration()))
        #expect(server <= 640 && client <= 640, "\(server), \(client)")
    }
}
