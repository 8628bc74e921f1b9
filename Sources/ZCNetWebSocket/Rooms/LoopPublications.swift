import Synchronization
import ZCNet

/// What is published to one room on one loop and waits for the loop: what comes one behind the other, with
/// nothing posted to the loop in between, waits together and is delivered at once.
///
/// Why: to send sixteen messages to each of five thousand members one member after the other costs a third of
/// sending each message to all of them, whose state has left the caches by the next.
///
/// **Order.** As if each had been posted by itself: a publication joins those that wait only while they are
/// the last that anybody has posted to the loop.
///
/// **Threads.** `post` from any, and what it is given is called on the loop's. One short lock for each
/// publication, and one for each delivery.
///
/// **Limits.** Each publication counts against the loop's `mailboxMessagesMax`, together or not.
final class LoopPublications<Publication: Sendable>: Sendable {
    private let loop: EventLoop
    /// The batch that was posted last, while it may grow.
    private let newest = Locked<Newest>(Newest())
    /// Batches under way to the loop.
    private let pending = Atomic<Int>(0)

    /// More do not wait together: the others of the loop have their turn in between.
    private static var countMax: Int { 64 }

    private struct Newest {
        var batch: Batch?
    }

    /// Publications that wait together. Unchecked: reached under the lock, until the loop has taken them.
    private final class Batch: @unchecked Sendable {
        var publications: [Publication]
        var place = MailboxPlace.none

        init(_ first: Publication) { publications = [first] }
    }

    /// What the loop is to do with publications: told whether more of them are due, which is a hint.
    typealias Delivery = @Sendable (_ publications: [Publication], _ hasMore: Bool) -> Void

    init(to loop: EventLoop) { self.loop = loop }

    /// Has the loop deliver a publication, perhaps with others.
    func post(_ publication: Publication, _ deliver: @escaping Delivery) -> EventLoop.PostResult {
        newest.withLock { newest in
            if let batch = newest.batch, batch.publications.count < Self.countMax, loop.join(batch.place) {
                batch.publications.append(publication)
                return .posted
            }
            let batch = Batch(publication)
            pending.add(1, ordering: .relaxed)
            let (result, place) = loop.enqueueOpen { [self] in
                deliver(take(batch), pending.subtract(1, ordering: .relaxed).newValue > 0)
            }
            guard result == .posted else {
                pending.subtract(1, ordering: .relaxed)
                return result
            }
            batch.place = place
            newest.batch = batch
            return result
        }
    }

    /// Takes the publications of a batch, which grows no more.
    private func take(_ batch: Batch) -> [Publication] {
        let publications = newest.withLock { newest in
            if newest.batch === batch { newest.batch = nil }
            return batch.publications
        }
        loop.didJoin(publications.count - 1)
        return publications
    }
}
