import Testing
import ZCProto

/// One import of the top layer is enough to use the layers below it.
@Suite struct LayersTests {
    @Test func oneImportHasTheTransports() throws {
        #expect(try SocketAddress(parsing: "127.0.0.1:9001").description == "127.0.0.1:9001")
        #expect(WebSocketOptions().deliversFragments == false)
    }
}
