// expect: the 'get' accessor cannot return a ~Escapable result
import ZCNet

struct Request {
    var body: RawSpan
}
