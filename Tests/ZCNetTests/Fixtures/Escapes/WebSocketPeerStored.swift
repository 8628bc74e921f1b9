// expect: cannot return a ~Escapable result
import ZCNetWebSocket

final class Directory {
    var peers: WebSocketPeer?
}
