/// What two endpoints agreed on about compression.
package struct DeflateAgreement: Hashable, Sendable {
    /// Whether the server forgets its window after each message.
    package var serverNoContextTakeover: Bool
    /// Whether the client forgets its window after each message.
    package var clientNoContextTakeover: Bool
    /// The server's compressor looks back at most 2 to the power of this.
    package var serverWindowBits: UInt8
    /// The client's compressor looks back at most 2 to the power of this.
    package var clientWindowBits: UInt8

    /// The protocol's defaults: takeover and full windows both ways (RFC 7692 7.1).
    package init(
        serverNoContextTakeover: Bool = false, clientNoContextTakeover: Bool = false,
        serverWindowBits: Int = 15, clientWindowBits: Int = 15
    ) {
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverWindowBits = UInt8(serverWindowBits)
        self.clientWindowBits = UInt8(clientWindowBits)
    }
}
