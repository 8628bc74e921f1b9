// expect: a function cannot return a ~Escapable result
import ZCNet

func body(of chunk: borrowing ReceivedChunk) -> RawSpan {
    chunk.extracting(4..<chunk.count).bytes
}
