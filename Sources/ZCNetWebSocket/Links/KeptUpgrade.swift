import ZCNet

/// What a conversation began with, kept in little memory for as long as the conversation lasts.
///
/// Few look at it, and late; as values with a string for every name it takes more than everything else of an
/// idle link but its task. A server keeps the text of the request, and takes it apart anew for each look:
/// some microseconds. A client keeps the values, as its own.
struct KeptUpgrade {
    /// The target, then names and values, a line each: none of them can hold the end of a line.
    private let text: [UInt8]
    private let peer: SocketAddress
    private let isCompressed: Bool
    private let rest: Rest?

    /// What most conversations do not have.
    private final class Rest: Sendable {
        let upgrade: WebSocketUpgrade?
        let remote: SocketAddress
        let subprotocol: String?
        let security: NegotiatedSecurity?
        let context: UpgradeContext?

        init(_ upgrade: WebSocketUpgrade, isWhole: Bool) {
            self.upgrade = isWhole ? upgrade : nil
            remote = upgrade.remoteAddress
            subprotocol = upgrade.subprotocol
            security = upgrade.security
            context = upgrade.context
        }
    }

    init(_ upgrade: WebSocketUpgrade) {
        let head = upgrade.request.head
        peer = head.peerAddress
        isCompressed = upgrade.isCompressed
        guard upgrade.response == nil else {
            text = []
            rest = Rest(upgrade, isWhole: true)
            return
        }
        text = Self.text(of: head)
        let isPlain =
            head.remoteAddress == head.peerAddress && head.security == nil && upgrade.subprotocol == nil
            && upgrade.context == nil
        rest = isPlain ? nil : Rest(upgrade, isWhole: false)
    }

    private static func text(of head: HTTPRequestHead) -> [UInt8] {
        var count = head.target.utf8.count
        for field in head.headers.fields { count += field.name.utf8.count + field.value.utf8.count + 2 }
        var text: [UInt8] = []
        text.reserveCapacity(count)
        text += head.target.utf8
        for field in head.headers.fields {
            text.append(HTTPCharacters.lineFeed)
            text += field.name.utf8
            text.append(HTTPCharacters.lineFeed)
            text += field.value.utf8
        }
        return text
    }

    /// What the conversation began with, put together anew.
    var upgrade: WebSocketUpgrade {
        if let whole = rest?.upgrade { return whole }
        let lines = text.split(separator: HTTPCharacters.lineFeed, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        var headers = HTTPHeaders()
        for index in stride(from: 1, to: lines.count - 1, by: 2) {
            headers.append(checked: lines[index], lines[index + 1])
        }
        var head = HTTPRequestHead(target: lines[0], headers: headers)
        head.peerAddress = peer
        head.remoteAddress = rest?.remote ?? peer
        head.security = rest?.security
        // The same rules have let it in.
        guard case .offered(let request) = ServerHandshake.check(head) else {
            preconditionFailure("a request that was admitted is refused: \(lines[0])")
        }
        return WebSocketUpgrade(
            request: request, subprotocol: rest?.subprotocol, isCompressed: isCompressed,
            context: rest?.context)
    }
}
