/// What a receiver of messages finds when it looks for the next one.
@usableFromInline
package enum LinkFound {
    /// A message, which is at hand until `done`.
    case message
    /// Nothing yet, but more may come.
    case nothing
    /// Nothing, and nothing more will come.
    case ended
}

/// The core of a link that receives messages, one at a time: what it finds differs from protocol to
/// protocol, how a task waits for it does not.
///
/// Inlined into the protocols' modules, so that each is specialised for its core.
@usableFromInline
package protocol LinkReceiver: AnyObject {
    var link: LinkCore { get }

    /// Looks for the next message: of those that wait, then of what the running callback was lent.
    func poll() -> LinkFound

    /// The task has looked at the message at hand.
    func done()

    /// Whether nothing more will be received.
    var hasInboundEnded: Bool { get }

    /// Throws unless the inbound side ended in good order.
    func checkEnd() throws
}

extension LinkReceiver {
    /// Whether a message is there; waits for one. False when nothing more comes.
    @inlinable
    nonisolated(nonsending) package func nextMessage(_ limit: Duration?) async throws -> Bool {
        link.enter()
        if link.isCancelled { throw CancellationError() }
        var deadline: MonotonicInstant?
        var mayBeLate = false
        while true {
            switch poll() {
            case .message: return true
            case .ended:
                try checkEnd()
                return false
            case .nothing: break
            }
            // What has come in the last moment was still there for the look above.
            if mayBeLate && link.isLate(.reader) {
                throw LinkError(.timedOut, expected: "a message in time", got: "none")
            }
            if !mayBeLate { deadline = link.deadline(limit) }
            mayBeLate = true
            try link.checkCancellation()
            await link.wait(.reader, until: deadline)
            if link.isCancelled { throw CancellationError() }
        }
    }

    // MARK: A synchronous body

    /// Calls `show` for message after message: for those that are there at once, and then, while the task
    /// sleeps, by the loop, as it calls a handler.
    ///
    /// - Parameter show: shows the message at hand to the application's body.
    @inlinable
    nonisolated(nonsending) package func forEachMessage(
        _ show: @escaping () throws -> LinkStep
    ) async throws {
        link.enter()
        try link.checkCancellation()
        link.body = LinkCore.Body(show: show)
        defer { link.body = nil }
        while !runBody() {
            await link.wait(.reader, until: nil)
            // Gone where it has had enough, or found the end.
            if !link.hasBody { break }
            try link.checkCancellation()
        }
        if let error = link.takeBodyError() { throw error }
        if hasInboundEnded { try checkEnd() }
    }

    /// Calls the body while there is something; whether it is done for, and if so wakes its task.
    @inlinable
    @discardableResult
    package func runBody() -> Bool {
        if isBodyWanted() { return false }
        link.wake(.reader)
        return true
    }

    /// Calls the body while there is something; whether it wants more of what is not there yet.
    ///
    /// Why apart: where it wants no more it must be gone before its task goes on, which checks that nobody
    /// has kept it.
    @inlinable
    func isBodyWanted() -> Bool {
        // Taken out meanwhile, so that nobody retains it.
        guard let body = link.takeBody() else { return true }
        while true {
            switch poll() {
            case .message:
                do {
                    let step = try body.show()
                    done()
                    if step == .stop { return false }
                } catch {
                    done()
                    link.setBodyError(error)
                    return false
                }
            case .nothing:
                link.body = consume body
                return true
            case .ended: return false
            }
        }
    }
}
