// expect: the 'get' accessor cannot return a ~Escapable result
import ZCNet

final class Parser {
    var contents: ByteRing.Contents?
}
