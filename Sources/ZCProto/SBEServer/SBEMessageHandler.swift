public import ZCNet
public import ZCNetWebSocket

/// What an application does with the messages of a schema: one value per loop, called on its thread only.
///
/// ```swift
/// struct Garage: SBEMessageHandler {
///     typealias Schema = CarSchema
///     var cars = 0
///
///     static func declare(_ routes: inout SBERoutes<Self>) {
///         routes.on(Car.self) { garage, car, peer in garage.park(car, from: peer) }
///     }
///
///     mutating func park(_ car: borrowing SBEView<Car>, from peer: borrowing WebSocketPeer) { cars += 1 }
/// }
/// try SBEServer(on: "127.0.0.1:9001") { Garage() }.run()
/// ```
/// Structs, classes and noncopyable structs conform alike; none needs a lock or `Sendable`. What belongs to
/// one connection is its `State`, reached as `peer.state`.
///
/// **Ownership.** Message and connection are lent for the callback; the compiler refuses to let them out.
public protocol SBEMessageHandler: ~Copyable {
    /// The schema whose messages come.
    associatedtype Schema: SBESchema
    /// What the handler keeps for each connection.
    associatedtype State = Void

    /// Says which messages are served, and by what. Called once for each handler.
    static func declare(_ routes: inout SBERoutes<Self>)

    /// Makes the state of a new connection, before `onConnect`.
    mutating func makeState() -> State

    /// A connection was opened.
    mutating func onConnect(_ peer: borrowing WebSocketConnection<State>)

    /// A connection is over. What is sent now is answered `closed`.
    mutating func onDisconnect(_ peer: borrowing WebSocketConnection<State>, _ reason: WebSocketCloseReason)

    /// A frame could not be taken. What becomes of it says ``GatewayOptions/faultPolicy``.
    mutating func onError(_ error: GatewayError, from peer: borrowing WebSocketConnection<State>)

    /// Output that was at its limit, or above the high watermark, has fallen to the low one.
    mutating func onWritable(_ peer: borrowing WebSocketConnection<State>)

    /// A timer that `peer.schedule(after:tag:)` armed is due.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing WebSocketConnection<State>)

    /// The loop is up and serves this handler; the first call it gets.
    mutating func onStart(_ loop: borrowing LoopContext)

    /// The loop ends; the last call the handler gets.
    mutating func onStop(_ loop: borrowing LoopContext)
}

extension SBEMessageHandler where Self: ~Copyable {
    /// Does nothing.
    public mutating func onConnect(_ peer: borrowing WebSocketConnection<State>) {}
    /// Does nothing.
    public mutating func onDisconnect(
        _ peer: borrowing WebSocketConnection<State>, _ reason: WebSocketCloseReason
    ) {}
    /// Does nothing.
    public mutating func onError(_ error: GatewayError, from peer: borrowing WebSocketConnection<State>) {}
    /// Does nothing.
    public mutating func onWritable(_ peer: borrowing WebSocketConnection<State>) {}
    /// Does nothing.
    public mutating func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing WebSocketConnection<State>) {}
    /// Does nothing.
    public mutating func onStart(_ loop: borrowing LoopContext) {}
    /// Does nothing.
    public mutating func onStop(_ loop: borrowing LoopContext) {}
}

extension SBEMessageHandler where Self: ~Copyable, State == Void {
    /// Nothing to make.
    public mutating func makeState() {}
}
