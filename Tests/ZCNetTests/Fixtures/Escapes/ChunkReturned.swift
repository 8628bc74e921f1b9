// expect: a function cannot return a ~Escapable result
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) -> ReceivedChunk {
    chunk.extracting(0..<1)
}
