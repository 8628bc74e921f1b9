public import ZCNetWebSocket
public import ZCSBE

/// Which messages of a schema a handler serves, and by what.
///
/// Made once for each handler, read for each message: the message's template id finds the closure, which was
/// compiled for that message's type. There is no cast and no allocation on the way.
public struct SBERoutes<Handler: SBEMessageHandler & ~Copyable> {
    @usableFromInline var routes: [SBERoute<Handler>] = []

    @inlinable
    init() {}

    /// Serves a message.
    ///
    /// ```swift
    /// routes.on(Car.self) { garage, car, peer in garage.park(car, from: &peer) }
    /// ```
    /// - Precondition: no other message with the same template id is served.
    @inlinable @inline(__always)
    public mutating func on<Message: SBEMessage>(
        _ type: Message.Type,
        _ body:
            @escaping (
                inout Handler, borrowing SBEView<Message>, inout WebSocketConnection<Handler.State>
            ) -> Void
    ) where Message.Schema == Handler.Schema {
        add(
            SBERoute(templateID: Message.templateID) { handler, bytes, versions, peer, fault in
                do throws(SBEError) {
                    let message = try Message.decode(bytes)
                    guard versions.contains(message.actingVersion) else {
                        fault = GatewayError(
                            version: message.actingVersion, expected: versions, of: Message.name, at: 0)
                        return 0
                    }
                    body(&handler, message, &peer)
                    return Message.Schema.header.size &+ message.encodedLength
                } catch {
                    fault = GatewayError(error, at: 0)
                    return 0
                }
            })
    }

    /// Adds a route, in the order of their template ids.
    @usableFromInline
    mutating func add(_ route: SBERoute<Handler>) {
        let place = routes.firstIndex { $0.templateID >= route.templateID } ?? routes.count
        precondition(
            place == routes.count || routes[place].templateID != route.templateID,
            "template \(route.templateID) is served twice")
        routes.insert(route, at: place)
    }
}

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
