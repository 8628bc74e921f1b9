// compiles
import ZCNet

/// The seed's "safe use": what is processed later is a copy.
func processClientRequest(_ chunk: borrowing ReceivedChunk) {
    let body = chunk.copy()
    Task {
        try await Task.sleep(for: .seconds(1))
        process(body.bytes)
    }
}

func process(_ body: RawSpan) {}
