// expect: the '_read' accessor cannot return a ~Escapable result
import ZCNet

final class Handler {
    var last: ReceivedChunk?
}
