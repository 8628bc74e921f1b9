import TestSupport
import ZCGoim

extension Patience {
    static func apply(to options: inout GoimOptions) { options.handshakeTimeout = long }
}
