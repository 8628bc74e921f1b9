// expect: lifetime-dependent variable 'body' escapes its scope
import ZCNet

/// The seed's "dangerous use": the request is answered later, when its body may have been overwritten.
func processClientRequest(_ chunk: borrowing ReceivedChunk) {
    let body = chunk.bytes
    Task {
        try await Task.sleep(for: .seconds(1))
        process(body)
    }
}

func process(_ body: RawSpan) {}
