import ZCCluster
import ZCSBEServer

/// How a member that comes back is told what it has missed.
extension Channel {
    /// Brings a member from a position to where the feed is.
    ///
    /// - Parameter isKnown: whether the position is of the log as the feed knows it. One that a client brings
    ///   is not before it was compared with what is kept here, or read behind in the log, which says where it
    ///   is another one.
    func catchUp(_ session: Session, _ start: ChannelPosition, isKnown: Bool) {
        guard isFollowed(by: session), let position else { return }
        if let missed = recent(behind: start) {
            tell(session, missed)
            return goLive(session, position)
        }
        // The log may have more than the feed has brought so far, which then comes to nothing new.
        if isKnown && start.next >= position.next { return goLive(session, start) }
        hub.node.read(name, behind: start) { [weak self] result in
            guard let self, isFollowed(by: session) else { return }
            switch result {
            case .success(let history):
                for (batch, epoch) in zip(history.batches, history.epochs) {
                    tell(session, frames(of: batch, epoch: epoch))
                }
                if history.batches.isEmpty && history.position.next < position.next {
                    // Whoever was asked does not know yet what the feed has brought.
                    return again(session, history.position)
                }
                catchUp(session, history.position, isKnown: true)
            case .failure(let error) where error.isTemporary:
                again(session, start)
            case .failure(let error):
                session.tell(Hub.ended(name.description, .otherHistory, "\(error)"))
                hub.leave(name, session)
            }
        }
    }

    private func again(_ session: Session, _ start: ChannelPosition) {
        hub.node.engine.schedule(after: .milliseconds(100)) { [weak self] in
            self?.catchUp(session, start, isKnown: false)
        }
    }

    private func tell(_ session: Session, _ frames: [Frame]) {
        send(frames, to: [Member(id: session.id, from: 0)], onLoop: session.loop)
    }

    /// What was stored behind a position, where all of it is kept here; nil where it is not.
    private func recent(behind start: ChannelPosition) -> [Frame]? {
        if start == recentStart { return recent }
        guard let first = recent.first?.sequence, start.next.rawValue > first else { return nil }
        let index = Int(start.next.rawValue - first)
        guard index <= recent.count, recent[index - 1].epoch == start.epoch else { return nil }
        return Array(recent[index...])
    }
}
