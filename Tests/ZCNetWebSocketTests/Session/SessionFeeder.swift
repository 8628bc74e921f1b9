import ZCNet

@testable import ZCNetWebSocket

/// Feeds a session as a connection does: an unfinished frame is shown again with more bytes behind it.
struct SessionFeeder {
    /// What the session found, with its bytes.
    enum Event: Equatable {
        case text([UInt8])
        case binary([UInt8])
        case fragment([UInt8], isText: Bool, isFirst: Bool, isFinal: Bool)
        case ping([UInt8])
        case pong([UInt8])
        case close([UInt8])
        case failed(WebSocketCloseCode)
    }

    var session: WebSocketSession
    let core: WebSocketCore
    private(set) var events: [Event] = []
    private(set) var unread: [UInt8] = []
    /// How often the session looked at bytes: what a linear machine keeps within a factor of the input.
    private(set) var steps = 0

    init(_ options: WebSocketOptions = WebSocketOptions(), isClient: Bool = false) {
        session = WebSocketSession(isClient: isClient)
        core = WebSocketCore(options)
    }

    var hasFailed: Bool { if case .failed = events.last { true } else { false } }

    mutating func feed(_ bytes: some Collection<UInt8>) {
        if hasFailed || events.last.map({ if case .close = $0 { true } else { false } }) == true { return }
        // Memory of the exact size, so that the address sanitizer sees any look beyond it.
        let all = unread + Array(bytes)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, all.count), alignment: 1)
        defer { unsafe memory.deallocate() }
        let shown = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<all.count])
        unsafe shown.copyBytes(from: all)
        var position = 0
        while true {
            steps += 1
            let step = unsafe session.next(shown, at: &position, core)
            if step.kind == .incomplete { break }
            take(step)
            if step.kind == .failed || step.kind == .close { break }
        }
        unread = unsafe Array(shown[position...])
    }

    private mutating func take(_ step: FrameStep) {
        let bytes = unsafe step.bytes.withUnsafeBytes { unsafe Array($0) }
        switch step.kind {
        case .incomplete: break
        case .text: events.append(.text(bytes))
        case .binary: events.append(.binary(bytes))
        case .ping: events.append(.ping(bytes))
        case .pong: events.append(.pong(bytes))
        case .close: events.append(.close(bytes))
        case .fragment:
            events.append(
                .fragment(bytes, isText: step.isText, isFirst: step.isFirst, isFinal: step.isFinal))
        case .failed: events.append(.failed(session.extra?.error?.code ?? .internalError))
        }
        if step.isGathered { session.extra?.releaseMessage() }
    }

    /// A frame, written without the code under test; masked for a server unless `key` is nil.
    static func frame(_ first: UInt8, _ payload: [UInt8], key: [UInt8]? = [0x11, 0xFE, 0, 0x80]) -> [UInt8] {
        let form = payload.count < 126 ? 0 : payload.count < 65_536 ? 2 : 8
        let header = FrameHeaderTests.header(first, length: payload.count, form: form, key: key)
        guard let key else { return header + payload }
        return header + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }
}
