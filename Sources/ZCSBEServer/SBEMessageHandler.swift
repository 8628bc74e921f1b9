public import ZCSBE

/// What an application does with the messages of a schema: one value per loop, called on its thread only.
///
/// ```swift
/// struct Garage: SBEMessageHandler {
///     typealias Schema = CarSchema
///     var cars = 0
///
///     static func declare(_ routes: inout SBERoutes<Self>) {
///         routes.on(Car.self) { garage, car, peer in garage.park(car, from: &peer) }
///     }
///
///     mutating func park(_ car: borrowing SBEView<Car>, from peer: inout WebSocketPeer) { cars += 1 }
/// }
/// try SBEServer(on: "127.0.0.1:9001") { Garage() }.run()
/// ```
/// Structs, classes and noncopyable structs conform alike; none needs a lock or `Sendable`. What belongs to
/// one connection is its `State`, reached as `peer.state`.
///
/// **Ownership.** Message and connection are lent for the callback; the compiler refuses to let them out.
public protocol SBEMessageHandler: GatewayHandler, ~Copyable {
    /// The schema whose messages come.
    associatedtype Schema: SBESchema

    /// Says which messages are served, and by what. Called once for each handler.
    static func declare(_ routes: inout SBERoutes<Self>)
}
