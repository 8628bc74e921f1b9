import ZCNet

/// Brings acknowledgements to their connections: grouped by connection, posted once per loop. Those of
/// connections of other groups are dropped.
struct AcknowledgementMail: Sendable {
    let loops: [EventLoop]
    let encode: @Sendable (Acknowledgement, inout WriteBuffer) throws(WriteBufferError) -> Void

    /// What a connection is sent; nil closes it, as its answers could not be encoded.
    private typealias Parcel = (sender: ConnectionID, bytes: SharedBytes?)

    /// Sends answers in their order.
    func deliver(_ answers: [Acknowledgement]) {
        var places: [ConnectionID: Int] = [:]
        var bySender: [[Acknowledgement]] = []
        for answer in answers {
            if let place = places[answer.sender] {
                bySender[place].append(answer)
            } else {
                places[answer.sender] = bySender.count
                bySender.append([answer])
            }
        }
        var byLoop: [Int: [Parcel]] = [:]
        for answers in bySender {
            let sender = answers[0].sender
            byLoop[sender.loopNumber, default: []].append((sender, encoded(answers)))
        }
        for loop in loops {
            guard let parcels = byLoop[loop.number] else { continue }
            // Control: bounded by the messages that wait to be stored.
            loop.post(isControl: true) { context in
                for parcel in parcels { Self.send(parcel, context) }
            }
        }
    }

    private static func send(_ parcel: Parcel, _ context: borrowing LoopContext) {
        if let bytes = parcel.bytes {
            let result = context.send(bytes, to: parcel.sender)
            if result.isAccepted || result == .closed { return }
        }
        context.close(parcel.sender, .overflow)
    }

    private func encoded(_ answers: [Acknowledgement]) -> SharedBytes? {
        var buffer = WriteBuffer()
        do throws(WriteBufferError) {
            for answer in answers { try encode(answer, &buffer) }
        } catch {
            return nil
        }
        return buffer.freeze()
    }
}
