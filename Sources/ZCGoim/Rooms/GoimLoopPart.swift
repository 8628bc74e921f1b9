import ZCNet

/// The way to one loop's goim connections.
///
/// **Threads.** `broadcast` from any; `deliver` and everything of the core on the loop's own.
///
/// SAFETY: `Sendable` is unchecked because the core is used on its loop only.
final class GoimLoopPart: @unchecked Sendable {
    let loop: EventLoop
    let figures = GoimFigures()
    /// Held weakly: the loop's roles keep it, and through it the hub that this belongs to.
    private weak var core: GoimCore?
    private static let pace = Duration.milliseconds(50)

    init(_ loop: EventLoop) { self.loop = loop }

    /// By the server, before the loop runs.
    func settle(_ core: GoimCore) { self.core = core }

    /// Sends to connections of this loop, as far as they accept the operation.
    func deliver(_ push: GoimPush, to handles: [GoimHandle]) {
        var outcome = GoimOutcome()
        for handle in handles { send(push, handle, &outcome) }
        outcome.count(push, in: figures)
    }

    private func send(_ push: GoimPush, _ handle: GoimHandle, _ outcome: inout GoimOutcome) {
        guard let conversation = handle.conversation else { return outcome.add(.closed) }
        guard handle.accepts(push.accepted) else {
            outcome.filtered += 1
            return
        }
        outcome.add(conversation.push(push, hasMore: false))
    }

    /// Sends to every member of this loop that accepts the operation.
    func broadcast(_ push: GoimPush, perSecond: Int?) -> EventLoop.PostResult {
        loop.post { [self] context in
            guard let core else { return }
            guard let perSecond else {
                var outcome = GoimOutcome()
                for conversation in core.members.all { send(push, to: conversation, &outcome) }
                return outcome.count(push, in: figures)
            }
            let handles = core.members.all.compactMap { $0.session[].handle }
            let steps = Int(Duration.seconds(1) / Self.pace)
            pace(push, handles[...], max(1, perSecond / steps), context)
        }
    }

    private func send(_ push: GoimPush, to conversation: GoimConversation, _ outcome: inout GoimOutcome) {
        guard conversation.session[].handle?.accepts(push.accepted) == true else {
            outcome.filtered += 1
            return
        }
        outcome.add(conversation.push(push, hasMore: false))
    }

    /// Sends to so many now, and to the others after a while.
    private func pace(
        _ push: GoimPush, _ handles: ArraySlice<GoimHandle>, _ step: Int, _ context: borrowing LoopContext
    ) {
        deliver(push, to: Array(handles.prefix(step)))
        let rest = handles.dropFirst(step)
        if rest.isEmpty { return }
        context.schedule(after: Self.pace) { [self] context in pace(push, rest, step, context) }
    }
}
