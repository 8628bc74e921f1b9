/// A message that can wait for a task.
package protocol WaitingMessage {
    /// The memory that it refers to. What it has in a chunk of the loop's is in the loop's books already;
    /// its bytes count all the same, as they keep the chunk.
    var waitingBytes: Int { get }
}

/// Somebody who has a queue that the books of links know.
package protocol InboxOwner: AnyObject {
    /// What the queue holds, counted anew, message by message.
    var auditedBytes: Int { get }
}

/// What waits for one link's task while it is busy elsewhere, in order, and the memory that it takes.
///
/// The link's core has it as a part of its state, and says with each call who that is: the books can then
/// ask the core what is really there.
package struct LinkInbox<Message: WaitingMessage>: ~Copyable {
    private var line = ArrivalRow<Message>()
    /// Entered in the books.
    private var bytes = 0
    /// Whether the books know of the owner.
    private var isEntered = false
    /// Whether the peer is not read from because of what waits.
    package var isHeld = false

    package init() {}

    package var isEmpty: Bool { line.isEmpty }

    /// Whether nothing more may wait.
    package func isFull(_ books: LinkBooks) -> Bool { bytes >= books.queueBytesMax }

    /// Has a message wait, behind those that do.
    package mutating func append(
        _ message: Message, of owner: some InboxOwner, _ books: LinkBooks, _ base: ConnectionBase
    ) {
        if !isEntered {
            isEntered = true
            books.enter(owner, base)
        }
        line.append(message)
        let held = Self.bytesHeld(message)
        bytes += held
        books.add(held)
    }

    /// The first of what waits; nil when nothing does.
    package mutating func popFirst(_ books: LinkBooks) -> Message? {
        guard let message = line.takeFirst() else { return nil }
        let held = Self.bytesHeld(message)
        bytes -= held
        books.add(-held)
        return message
    }

    /// Nobody will receive what waits, nor what comes. On the loop; once the loop has ended, wherever its
    /// tasks go on.
    package mutating func removeAll(of owner: some InboxOwner, _ books: LinkBooks) {
        books.add(-bytes)
        bytes = 0
        line.removeAll()
        if !isEntered { return }
        isEntered = false
        books.leave(owner)
    }

    /// What is really held.
    package var audited: Int { line.reduce(0) { $0 + Self.bytesHeld($1) } }

    /// The memory of a message that waits. Why not its bytes alone: it may have none, and its place in the
    /// line would be free.
    private static func bytesHeld(_ message: Message) -> Int {
        ArrivalRow<Message>.bytesPerPlace + message.waitingBytes
    }
}

/// What the queues of a loop's links hold, as the loop's books have it, for one kind of links. Loop thread
/// only.
package final class LinkBooks {
    /// How much may wait for one task.
    package let queueBytesMax: Int
    private var account: QueueMemory.Account?
    /// The links that have had something to wait.
    private var owners: [ObjectIdentifier: Entry] = [:]

    /// A link takes itself out before it goes.
    private struct Entry {
        unowned let owner: any InboxOwner
    }

    package init(queueBytesMax: Int) { self.queueBytesMax = queueBytesMax }

    /// Enters bytes, or takes them out.
    package func add(_ count: Int) { if count != 0 { account?.add(count) } }

    /// A link has something to wait, for the first time.
    fileprivate func enter(_ owner: some InboxOwner, _ base: ConnectionBase) {
        owners[ObjectIdentifier(owner)] = Entry(owner: owner)
        if account != nil { return }
        account = QueueMemory.Account(base.queues)
        // Asked link by link, so that an account which has gone wrong is found.
        base.addQueueAudit { [self] in owners.values.reduce(0) { $0 + $1.owner.auditedBytes } }
    }

    fileprivate func leave(_ owner: some InboxOwner) { owners[ObjectIdentifier(owner)] = nil }
}
