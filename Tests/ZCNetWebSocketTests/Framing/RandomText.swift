import ZCNet
import ZCNetTesting

extension SimulatedRandom {
    /// UTF-8 in runs of one width each, cut off (perhaps within a character) at a length.
    mutating func text(bytes count: Int) -> [UInt8] {
        let widths: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
        ]
        var result: [UInt8] = []
        while result.count < count {
            let width = widths[Int.random(in: 0..<widths.count, using: &self)]
            for _ in 0..<Int.random(in: 1...40, using: &self) {
                guard let scalar = Unicode.Scalar(UInt32.random(in: width, using: &self)) else { continue }
                result.append(contentsOf: UTF8.encode(scalar) ?? .init())
            }
        }
        return Array(result.prefix(count))
    }
}
