internal import CZCNet
import ZCLibC

/// What a look at a ready socket came to.
struct Reception {
    /// How many completions were reported.
    var completions = 0
    /// How many bytes came.
    var bytes = 0
    /// Whether more may be there though no event will say so.
    var isMore = false
    /// Whether the end, or a failure, was reported.
    var isOver = false
}

extension KernelSocket {
    /// Receptions of one connection in a row before the others have their turn.
    private static var receptionsMax: Int { 4 }

    /// Receives into the sink's memory until the socket is empty, or the others have their turn.
    @inline(__always)
    static func receive(_ token: Token, _ events: UInt32, into sink: any CompletionSink) -> Reception {
        let hangUp = ZC_EPOLLRDHUP | ZC_EPOLLHUP | ZC_EPOLLERR
        var reception = Reception()
        for _ in 0..<receptionsMax {
            guard let target = sink.receiveTarget(token) else {
                if reportBroken(token, events, into: sink) {
                    reception.completions += 1
                    reception.isOver = true
                }
                return reception
            }
            let result = retryingInterrupts {
                unsafe recv(target.descriptor.rawValue, target.memory.baseAddress, target.memory.count, 0)
            }
            switch result {
            case .success(0):
                sink.ended(token)
                reception.completions += 1
                reception.isOver = true
                return reception
            case .success(let count):
                sink.received(token, count: count)
                reception.completions += 1
                reception.bytes += count
                // A short reception drained the socket, unless the end is known to stand behind the bytes.
                if unsafe count < target.memory.count && events & hangUp == 0 { return reception }
            case .failure(let failure):
                if failure.errno != .wouldBlock {
                    sink.failed(token, errno: failure.errno)
                    reception.completions += 1
                    reception.isOver = true
                }
                return reception
            }
        }
        reception.isMore = true
        return reception
    }

    /// A connection that is not being read from still has to learn that it is broken.
    static func reportBroken(
        _ token: Token, _ events: UInt32, into sink: any CompletionSink
    ) -> Bool {
        guard events & ZC_EPOLLERR != 0, let descriptor = sink.descriptor(of: token),
            let code = pendingError(of: descriptor)
        else { return false }
        sink.failed(token, errno: code)
        return true
    }
}
