// compiles
import ZCNet

final class Handler {
    var body = SharedBytes()
    var queue: [SharedBytes] = []
    var later: (() -> Void)?

    func onBytes(_ chunk: borrowing ReceivedChunk) -> SharedBytes {
        body = chunk.retain(0..<1)
        queue.append(body)
        let copied = chunk.copy()
        later = { print(copied.count) }
        return body
    }
}

nonisolated(unsafe) var kept: Any?

func keep(_ chunk: borrowing ReceivedChunk, _ requests: AsyncStream<SharedBytes>.Continuation) {
    kept = chunk.retain()
    requests.yield(chunk.retain())
}
