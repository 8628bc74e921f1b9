// compiles
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    guard let length = chunk.load(as: UInt16.self, at: 0, .bigEndian), chunk.count >= 2 else { return }
    let bytes = chunk.bytes
    var sum = 0
    for index in chunk.span.indices { sum += Int(chunk.span[index]) }
    print(length, sum, bytes.byteCount, chunk.extracting(0..<2).count)
}
