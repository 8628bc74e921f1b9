import CZCNet

@testable import ZCNetWebSocket

/// A kernel that checks UTF-8: one of those this machine runs, or the choice that the library makes.
@safe
struct UTF8Kernel: Sendable, CustomStringConvertible {
    typealias Step = @convention(c) (UnsafeMutablePointer<UInt32>?, UnsafePointer<UInt8>?, Int) -> Int

    let description: String
    let step: Step

    static let all: [UTF8Kernel] = {
        let chosen = unsafe UTF8Kernel(description: "dispatch") { unsafe czcnet_utf8_step($0, $1, $2) }
        let variants = (Int32(0)..<8).compactMap { index -> UTF8Kernel? in
            let variant = unsafe czcnet_utf8_variant_at(index)
            guard let name = unsafe variant.name, let step = unsafe variant.step else { return nil }
            return unsafe UTF8Kernel(description: String(cString: name), step: step)
        }
        return [chosen] + variants
    }()

    /// Feeds the pieces, each from memory of exactly its size, so that a sanitizer sees reads beyond it. The
    /// answer after a wrong byte also says that nothing follows it.
    func verdict(_ pieces: [ArraySlice<UInt8>]) -> NaiveUTF8.Verdict {
        var state: UInt32 = 0
        var right = 0
        for piece in pieces {
            let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: piece.count)
            defer { unsafe memory.deallocate() }
            _ = unsafe memory.initialize(from: piece)
            let found = unsafe step(&state, UnsafePointer(memory.baseAddress), piece.count)
            right += found
            guard found == piece.count else {
                // -1: the index and the state contradict each other.
                return .init(validBytes: state == CZCNET_UTF8_REJECTED ? right : -1, isComplete: false)
            }
        }
        return .init(validBytes: right, isComplete: state == CZCNET_UTF8_COMPLETE)
    }

    /// Compares every kernel with the table of the RFC: on the whole and, if asked, on the bytes cut in two
    /// at every position. Returns the first difference, nil when there is none.
    static func difference(on bytes: [UInt8], cuts: Bool = true) -> String? {
        let wanted = NaiveUTF8().verdict(on: bytes)
        for kernel in all {
            if kernel.verdict([bytes[...]]) != wanted { return "\(kernel): \(bytes), expected \(wanted)" }
            guard cuts else { continue }
            for cut in 0...bytes.count where kernel.verdict([bytes[..<cut], bytes[cut...]]) != wanted {
                return "\(kernel): \(bytes) cut at \(cut), expected \(wanted)"
            }
        }
        return nil
    }
}
