// expect: the 'get' accessor cannot return a ~Escapable result
import ZCNet

final class Handler {
    var body: RawSpan

    init(_ body: RawSpan) { self.body = body }
}
