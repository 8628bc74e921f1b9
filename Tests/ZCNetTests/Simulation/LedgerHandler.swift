@testable import ZCNet

/// Keeps the ledger and does what a test wants at each event.
struct LedgerHandler: ConnectionHandler {
    let ledger: Ledger
    var opened: (borrowing Peer) -> Void = { _ in }
    var received: (borrowing ReceivedChunk, borrowing Peer) -> Void = { data, peer in peer.send(data) }
    var writable: (borrowing Peer) -> Void = { _ in }
    var ended: (borrowing Peer) -> Void = { $0.close() }
    var timer: (ConnectionTimerTag, borrowing Peer) -> Void = { _, _ in }
    var closed: (borrowing Peer, CloseReason) -> Void = { _, _ in }

    init(_ ledger: Ledger) { self.ledger = ledger }

    mutating func onOpen(_ peer: inout Peer) {
        let address = peer.remoteAddress
        ledger.update(peer.id) {
            $0.opens += 1
            $0.peer = address
        }
        opened(peer)
    }

    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        let count = data.count
        ledger.update(peer.id) { $0.bytesIn += count }
        received(data, peer)
    }

    mutating func onWritable(_ peer: inout Peer) {
        ledger.update(peer.id) { $0.writables += 1 }
        writable(peer)
    }

    mutating func onPeerEnded(_ peer: inout Peer) {
        ledger.update(peer.id) { $0.ends += 1 }
        ended(peer)
    }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Peer) { timer(tag, peer) }

    mutating func onClose(_ peer: inout Peer, _ reason: CloseReason) {
        ledger.update(peer.id) {
            $0.closes += 1
            $0.reason = reason.cause
        }
        closed(peer, reason)
    }
}
