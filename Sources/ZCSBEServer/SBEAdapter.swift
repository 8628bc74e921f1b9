public import ZCNet
public import ZCNetWebSocket
public import ZCSBE

/// Stands between a WebSocket connection and a handler of messages: walks through each frame and calls what
/// serves each message.
///
/// Why `TradeAdapter` beside it, which passes the same callbacks on: the two differ in how a frame reaches
/// the handler. A protocol for that would need an associated type that may be noncopyable, which Swift 6.3
/// has not; a closure would be one more indirect call for each frame.
@usableFromInline
struct SBEAdapter<Handler: SBEMessageHandler & ~Copyable>: WebSocketHandler, ~Copyable {
    @usableFromInline typealias State = Handler.State

    @usableFromInline var handler: Handler
    @usableFromInline let table: SBETable<Handler>
    @usableFromInline let options: GatewayOptions
    @usableFromInline let figures: GatewayFigures.Block

    @inlinable
    init(_ handler: consuming Handler, _ options: GatewayOptions, _ figures: GatewayFigures) {
        self.handler = handler
        self.options = options
        table = SBETable()
        self.figures = figures.makeBlock()
    }

    @inlinable
    mutating func makeState() -> State { handler.makeState() }

    @inlinable
    mutating func onOpen(_ peer: inout WebSocketConnection<State>, _ upgrade: WebSocketUpgrade) {
        handler.onConnect(&peer, upgrade)
    }

    @inlinable
    mutating func onMessage(
        _ message: borrowing WebSocketMessage, from peer: inout WebSocketConnection<State>
    ) {
        if message.isText { return refuse(GatewayError(textOf: message.count), isText: true, &peer) }
        let frame = message.bytes
        var position = 0
        var messages = 0
        repeat {
            var fault: GatewayError?
            let taken = deliver(frame.extracting(position..<frame.byteCount), at: position, &peer, &fault)
            if let fault {
                figures.didDeliverPart(messages)
                return refuse(fault, isText: false, &peer)
            }
            position &+= taken
            messages &+= 1
        } while position < frame.byteCount && !peer.conversation.isEnding
        figures.didDeliver(messages)
    }

    /// Delivers the message at the start of the bytes.
    ///
    /// - Returns: how many bytes it took; at least 1, so that every frame ends.
    @inlinable
    mutating func deliver(
        _ bytes: RawSpan, at position: Int, _ peer: inout WebSocketConnection<State>,
        _ fault: inout GatewayError?
    ) -> Int {
        guard let template = Handler.Schema.template(of: bytes, at: position, &fault) else { return 0 }
        guard let place = table.place(of: template) else {
            fault = GatewayError(template: template, expected: table.templates, at: position)
            return 0
        }
        let versions = options.versions
        let taken = unsafe table.places[place]._withUnsafeGuaranteedRef { route in
            route.deliver(&handler, bytes, versions, &peer, &fault)
        }
        fault = fault?.moved(by: position)
        return max(taken, 1)
    }

    /// Tells the handler, and does as the policy says.
    @inlinable @inline(never)
    mutating func refuse(
        _ error: GatewayError, isText: Bool, _ peer: inout WebSocketConnection<State>
    ) {
        figures.didFail()
        handler.onError(error, from: &peer)
        error.apply(options.faultPolicy, isText: isText, to: peer)
    }

    @inlinable
    mutating func onError(_ error: WebSocketError, from peer: inout WebSocketConnection<State>) {
        handler.onError(GatewayError(error), from: &peer)
    }

    @inlinable
    mutating func onClose(_ peer: inout WebSocketConnection<State>, _ reason: WebSocketCloseReason) {
        handler.onDisconnect(&peer, reason)
    }

    @inlinable
    mutating func onWritable(_ peer: inout WebSocketConnection<State>) { handler.onWritable(&peer) }

    @inlinable
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<State>) {
        handler.onTimer(tag, of: &peer)
    }

    @inlinable
    mutating func onStart(_ loop: borrowing LoopContext) { handler.onStart(loop) }

    @inlinable
    mutating func onStop(_ loop: borrowing LoopContext) { handler.onStop(loop) }
}

extension SBESchema {
    /// Which message a header at the start of the bytes names; nil, and the fault, where it is none of this
    /// schema's.
    ///
    /// - Parameter position: where in its frame the header stands, for the fault.
    @inlinable @inline(__always)
    static func template(of bytes: RawSpan, at position: Int, _ fault: inout GatewayError?) -> Int? {
        let rest = SBEExtent(bytes, from: 0)
        guard rest.count >= max(header.size, 1) else {
            fault = GatewayError(
                SBEError(.truncated, at: "header", expected: header.size, got: rest.count), at: position)
            return nil
        }
        let schema = rest.unsigned(header.schemaID, from: 0, Self.self)
        guard schema == id else {
            fault = GatewayError(
                SBEError(.otherSchema, at: "header", expected: id, got: schema), at: position)
            return nil
        }
        return rest.unsigned(header.templateID, from: 0, Self.self)
    }
}

/// What serves one message.
///
/// An object, so that a table can lend it without counting references; its closure is constant.
@usableFromInline
final class SBERoute<Handler: SBEMessageHandler & ~Copyable> {
    /// Decodes the message at the start of the bytes and delivers it; says how many bytes it took, or sets
    /// the fault.
    @usableFromInline
    typealias Deliver = (
        inout Handler, RawSpan, ClosedRange<Int>, inout WebSocketConnection<Handler.State>,
        inout GatewayError?
    ) -> Int

    @usableFromInline let templateID: Int
    @usableFromInline let deliver: Deliver

    @inlinable
    init(templateID: Int, _ deliver: @escaping Deliver) {
        self.templateID = templateID
        self.deliver = deliver
    }
}

/// The routes of a handler, to be found by template id.
///
/// SAFETY: `@safe` because the references live as long as the table, which owns the routes.
@safe
@usableFromInline
struct SBETable<Handler: SBEMessageHandler & ~Copyable>: ~Copyable {
    @usableFromInline let places: UnsafeMutablePointer<Unmanaged<SBERoute<Handler>>>
    @usableFromInline let count: Int

    /// Asks the handler's type for its routes.
    @inlinable
    init() {
        var routes = SBERoutes<Handler>()
        Handler.declare(&routes)
        count = routes.routes.count
        unsafe places = .allocate(capacity: max(count, 1))
        for (index, route) in routes.routes.enumerated() {
            unsafe (places + index).initialize(to: .passRetained(route))
        }
    }

    deinit {
        for index in 0..<count { unsafe places[index].release() }
        unsafe places.deallocate()
    }

    /// The place of a template's route, or nil. A handful is looked through, many are halved.
    @inlinable
    func place(of template: Int) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low &+ high) / 2
            let found = unsafe places[middle]._withUnsafeGuaranteedRef { $0.templateID }
            if found == template { return middle }
            if found < template { low = middle &+ 1 } else { high = middle }
        }
        return nil
    }

    /// All templates that are served.
    @usableFromInline
    var templates: [Int] {
        (0..<count).map { index in unsafe places[index]._withUnsafeGuaranteedRef { $0.templateID } }
    }
}
