// expect: 'chunk' is borrowed and cannot be consumed
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    keep(chunk)
}

func keep(_ chunk: consuming ReceivedChunk) {}
