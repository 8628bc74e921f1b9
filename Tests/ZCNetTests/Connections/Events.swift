@testable import ZCNet

/// Writes down what an observer is told.
struct Events: Observer {
    enum Event: Equatable {
        case opened(ConnectionID, SocketAddress)
        case closed(ConnectionID, CloseCause, dropped: Int)
        case rejected(SocketAddress, RejectionReason)
        case limit(RejectionReason, count: Int)
        case acceptFailed(Errno)
        case overflowed(ConnectionID, OverflowPolicy)
        case broken(ConnectionID, ProtocolRule)
        case slow(ConnectionID?, Duration)
        case failed(Int)
    }

    let list: Monitor<[Event]>

    init(_ list: Monitor<[Event]>) { self.list = list }

    private func add(_ event: Event) { list.update { $0.append(event) } }

    func connectionOpened(_ id: ConnectionID, peer: SocketAddress) { add(.opened(id, peer)) }

    func connectionClosed(_ id: ConnectionID, reason: CloseReason, droppedBytes: Int) {
        add(.closed(id, reason.cause, dropped: droppedBytes))
    }

    func connectionRejected(from peer: SocketAddress, reason: RejectionReason) {
        add(.rejected(peer, reason))
    }

    func limitReached(_ limit: RejectionReason, count: Int, loop: Int) { add(.limit(limit, count: count)) }

    func acceptFailed(errno: Errno) { add(.acceptFailed(errno)) }

    func connectionOverflowed(_ id: ConnectionID, bytes: Int, policy: OverflowPolicy) {
        add(.overflowed(id, policy))
    }

    func protocolRuleBroken(_ id: ConnectionID, rule: ProtocolRule) { add(.broken(id, rule)) }

    func callbackWasSlow(_ id: ConnectionID?, loop: Int, took: Duration) { add(.slow(id, took)) }

    func loopFailed(_ loop: Int, error: SystemError) { add(.failed(loop)) }
}
