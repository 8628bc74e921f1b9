import Glibc
import ZCNet
import ZCNetWebSocket

/// Sends back whatever comes; keeps nothing.
struct Echo: ConnectionHandler {
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) { peer.send(data) }
}

/// Keeps figures for each connection, and changes them with every reception.
struct CountingEcho: ConnectionHandler {
    struct State {
        var receptions = 0
        var bytes = 0
    }

    func makeState() -> State { State() }

    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<State>) {
        peer.state.receptions += 1
        peer.state.bytes += data.count
        peer.send(data)
    }
}

/// A handler that is an object.
final class ObjectEcho: ConnectionHandler {
    private var receptions = 0
    private var bytes = 0

    func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        receptions += 1
        bytes += data.count
        peer.send(data)
    }
}

/// Sends back whatever messages come.
struct WebSocketEcho: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        peer.send(message)
    }
}

/// Does, once per reception, each thing that the others must not do: what the counters have to see.
@safe
final class WastefulEcho: ConnectionHandler {
    // SAFETY: made here, used on the loop's thread, freed at the end.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() { _ = unsafe pthread_mutex_init(lock, nil) }

    deinit { unsafe lock.deallocate() }

    func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        unsafe pthread_mutex_lock(lock)
        unsafe pthread_mutex_unlock(lock)
        unsafe free(plantAllocation())
        plantRetain(self)
        plantRelease(self)
        peer.send(data)
    }
}

// Why apart and never inlined: the optimiser takes out pairs, a retain that a release follows and a malloc
// that a free follows.

@inline(never)
func plantRetain(_ object: AnyObject) { _ = unsafe Unmanaged.passUnretained(object).retain() }

@inline(never)
func plantRelease(_ object: AnyObject) { unsafe Unmanaged.passUnretained(object).release() }

@inline(never)
func plantAllocation() -> UnsafeMutableRawPointer? { unsafe malloc(48) }
