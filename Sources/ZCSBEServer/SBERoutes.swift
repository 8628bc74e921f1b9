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
