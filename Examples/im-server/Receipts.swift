import IMProtocol
import Synchronization
import ZCSBEServer

/// SENDACKs on their way to the devices of one loop: those that come until the loop has its turn go together,
/// and those of one device in one piece.
///
/// Without, each would be a message and a post of its own. Any thread may add; the loop sends.
final class Receipts: Sendable {
    private struct Receipt {
        let session: Session
        let number: UInt64
        let outcome: IM.Outcome
        let sequence: UInt64
    }

    private let waiting = Mutex<[Receipt]>([])
    private let loop: EventLoop

    init(on loop: EventLoop) { self.loop = loop }

    /// Has a device told what became of its message.
    func add(_ number: UInt64, _ outcome: IM.Outcome, _ sequence: UInt64 = 0, to session: Session) {
        let receipt = Receipt(session: session, number: number, outcome: outcome, sequence: sequence)
        let isFirst = waiting.withLock { waiting in
            waiting.append(receipt)
            return waiting.count == 1
        }
        if !isFirst { return }
        // A loop that is this far behind: its devices come back, and ask again.
        guard loop.post({ [self] context in send(context) }) == .full else { return }
        for receipt in take() { receipt.session.remote.close(.tryAgainLater, reason: "the server is busy") }
    }

    private func take() -> [Receipt] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }

    private func send(_ context: borrowing LoopContext) {
        let receipts = take()
        var frames = WriteBuffer()
        for (index, receipt) in receipts.enumerated() {
            // Nothing of it is of a length that varies.
            try? Self.append(receipt, to: &frames)
            let isLast = index + 1 == receipts.count || receipts[index + 1].session !== receipt.session
            if !isLast { continue }
            if !context.send(frames.bytes, to: receipt.session.id).isAccepted {
                // It is over, or too slow: then it is let go, and asks again when it comes back.
                context.close(receipt.session.id, .overflow)
            }
            frames.clear()
        }
    }

    /// A frame of a binary message, unmasked, as servers send them (RFC 6455 5.2).
    private static func append(_ receipt: Receipt, to frames: inout WriteBuffer) throws {
        try frames.append(0x82 as UInt8)
        try frames.append(UInt8(messageBytes))
        try IM.SendAck.append(to: &frames) { message in
            message.number = receipt.number
            message.sequence = receipt.sequence
            message.outcome = receipt.outcome
            return message.finish()
        }
    }

    /// Bytes of a SENDACK, which all have.
    private static let messageBytes = Hub.answer(1, .stored)?.count ?? 0
}
