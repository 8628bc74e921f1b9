// expect: lifetime-dependent variable 'span' escapes its scope
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    let span = chunk.span
    Task { print(span.count) }
}
