// expect: type 'ReceivedChunk' does not conform to protocol 'Copyable'
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    var kept: [ReceivedChunk] = []
    kept.append(chunk)
}
