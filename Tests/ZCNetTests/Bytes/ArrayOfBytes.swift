@testable import ZCNet

extension Array where Element == UInt8 {
    /// What tests compare with.
    init(_ bytes: SharedBytes) {
        self.init()
        for offset in 0..<bytes.count { append(bytes[offset]) }
    }

    init(copying bytes: RawSpan) {
        self.init(SharedBytes(copying: bytes))
    }
}
