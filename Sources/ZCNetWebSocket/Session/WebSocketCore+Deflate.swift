import ZCNet

#if Deflate
/// Compression on one loop: RFC 7692, with contexts that connections share where they may.
extension WebSocketCore {
    /// Agrees on compression as far as the options and the client's offers go: what is agreed, and the
    /// header that says so.
    func agree(on offers: [ExtensionOffer]) -> (agreement: DeflateAgreement, response: String)? {
        guard let deflate = options.deflate else { return nil }
        let asked = offers.filter { $0.name == DeflateNegotiation.extensionName }.map { offer in
            offer.parameters.map { (name: $0.name, value: $0.value) }
        }
        return DeflateNegotiation.answer(asked, options: affordable(deflate))
    }

    /// The options, but without a context of the connection's own where decompressors have their share of the
    /// loop's memory already: a client that compresses every message by itself needs none between messages,
    /// and RFC 7692 7.1.1.2 lets the server demand that of any. So whoever was promised a context gets one,
    /// and strangers in any number cost only the ratio of those that come after them.
    private func affordable(_ options: DeflateOptions) -> DeflateOptions {
        let inflater = DeflateOptions.inflateContextBytes(windowBits: 15)
        let most = min(options.decompressorBytesMax ?? budget.bytesMax / 2, budget.bytesMax)
        if budget.promisedBytes + inflater <= most { return options }
        var options = options
        options.clientNoContextTakeover = true
        options.serverNoContextTakeover = true
        return options
    }

    /// Checks what a server answered to this client's offer; nil when it chose to do without.
    func agreement(
        from chosen: [ExtensionOffer]
    ) throws(HandshakeError) -> DeflateAgreement? {
        let answers = chosen.filter { $0.name == DeflateNegotiation.extensionName }
        guard let deflate = options.deflate, let first = answers.first else { return nil }
        guard answers.count == 1 else {
            throw HandshakeError(
                .extensions, expected: "\(first.name) at most once", got: "\(answers.count) times",
                status: 101)
        }
        do throws(DeflateNegotiationError) {
            return try DeflateNegotiation.accept(first.pairs, options: deflate)
        } catch {
            throw HandshakeError(
                .extensions, expected: "an answer to the offer (RFC 7692 7.1)", got: error.description,
                status: 101)
        }
    }

    /// Gives a connection what it compresses with.
    func equip(_ conversation: Conversation, _ agreement: DeflateAgreement) {
        guard let deflate = options.deflate else { return }
        conversation.session[].flags.insert(.deflate)
        let role: DeflateSession.Role = conversation.session[].flags.contains(.client) ? .client : .server
        let session = DeflateSession(agreement, role: role, options: deflate)
        budget.promisedBytes += session.promisedBytes
        conversation.session[].makeExtra().deflate = consume session
    }

    static func error(for error: DeflateError) -> WebSocketError {
        let code: WebSocketCloseCode =
            switch error.code {
            case .messageTooBig: .messageTooBig
            case .invalidData, .truncated: .invalidPayload
            case .outOfMemory: .tryAgainLater
            default: .internalError
            }
        return WebSocketError(
            code, expected: "RFC 7692: \(error.code): \(error.expected)", got: error.got)
    }

    /// Compresses a message for a connection, which `compressedBytes` are until the next; false when it is to
    /// be sent as it is.
    func compress(_ bytes: RawSpan, for extra: SessionExtra) -> Bool {
        compressed.truncate(to: 0)
        return extra.deflate?.compress(bytes, compressor, into: &compressed) ?? false
    }

    /// The frame of a prepared message as a connection is to be sent it: compressed once for all connections
    /// with the same window, or as it is.
    func frame(of prepared: PreparedMessage, for extra: SessionExtra) -> SharedBytes {
        guard prepared.allowsCompression, let forms = prepared.forms,
            extra.deflate?.mayShare(prepared.count) ?? false, let settings = extra.deflate?.settings
        else { return prepared.frame }
        let shared = forms.frame(windowBits: Int(settings.windowBits)) {
            compressed.truncate(to: 0)
            let isSmaller = prepared.withPayload { compressor.compressAlone($0, settings, into: &compressed) }
            guard isSmaller else { return nil }
            let opcode: UInt8 = prepared.isText ? 1 : 2
            return FrameHead.frame(
                first: FrameHead.final | FrameHead.compressed | opcode, compressedBytes)
        }
        guard let shared else { return prepared.frame }
        extra.deflate?.forgetSent()
        return shared
    }

    /// Gives a connection's contexts back.
    func endCompression(_ extra: SessionExtra) {
        guard let promised = extra.deflate?.promisedBytes else { return }
        budget.promisedBytes -= promised
        extra.deflate?.end(compressor)
        extra.deflate = nil
    }
}
#endif
