public import ZCNet

/// What became of a submitted message: its number in the store, or why it is not there.
public struct Acknowledgement: Sendable {
    /// The party whose message it confirms.
    public let sender: ConnectionID
    /// The sender's own number for the message.
    public let reference: UInt64
    /// The message's sequence number once it is as safe as the store makes it; or why it is not stored. After
    /// the code `failed` it may be stored all the same.
    public let result: Result<MessageSequence, MessageStoreError>

    /// An answer to a message.
    public init(
        to sender: ConnectionID, reference: UInt64, _ result: Result<MessageSequence, MessageStoreError>
    ) {
        self.sender = sender
        self.reference = reference
        self.result = result
    }
}

/// A message on its way to be stored, and who waits to hear of it.
public struct SubmittedMessage: Sendable {
    /// Whom the acknowledgement goes to. A name, nothing that keeps the connection.
    public var sender: ConnectionID
    /// The sender's own number for the message, which the acknowledgement repeats.
    public var reference: UInt64
    /// The bytes that are to be stored.
    public var bytes: SharedBytes

    /// A message of a sender.
    public init(from sender: ConnectionID, reference: UInt64, bytes: SharedBytes) {
        self.sender = sender
        self.reference = reference
        self.bytes = bytes
    }
}

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
