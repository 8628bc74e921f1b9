#if TLS
import COpenSSL
import ZCNet

extension ProvenPeer {
    /// What a certificate says, with the first of its names where there are more than any client's has.
    init(certificate: OpaquePointer, namesMax: Int32 = 64) {
        var room = [UInt8](repeating: 0, count: 1024)
        let count = unsafe room.withUnsafeMutableBytes { room in
            unsafe ztls_subject(certificate, room.baseAddress, room.count)
        }
        let subject = String(decoding: room.prefix(count), as: UTF8.self)
        var names: [Name] = []
        let list = unsafe ztls_names(certificate)
        defer { unsafe ztls_names_free(list) }
        for index in 0..<min(unsafe ztls_names_count(list), namesMax) {
            var bytes: UnsafePointer<UInt8>?
            var count = 0
            let type = unsafe ztls_name(list, index, &bytes, &count)
            let value = unsafe UnsafeBufferPointer(start: bytes, count: count)
            let text = unsafe String(decoding: value, as: UTF8.self)
            // RFC 5280 4.2.1.6.
            switch type {
            case 1: names.append(.email(text))
            case 2: names.append(.host(text))
            case 6: names.append(.resource(text))
            case 7: if let address = unsafe Self.address(value) { names.append(.address(address)) }
            default: break
            }
        }
        self.init(subject: subject, names: names)
    }

    private static func address(_ bytes: UnsafeBufferPointer<UInt8>) -> IPAddress? {
        func number(_ range: Range<Int>) -> UInt64 {
            range.reduce(0) { unsafe $0 << 8 | UInt64(bytes[$1]) }
        }
        return switch bytes.count {
        case 4: IPAddress(v4: UInt32(truncatingIfNeeded: number(0..<4)))
        case 16: IPAddress(high: number(0..<8), low: number(8..<16))
        default: nil
        }
    }
}
#endif
