extension EventLoop {
    /// Runs `work` on the loop soon, in the order of posting, with the loop lent to it. Any thread.
    ///
    /// A burst of posts wakes the loop once. `full` means that more messages wait than `mailboxMessagesMax`
    /// allows: the loop is overloaded or held up, and the caller has to slow down. Allocates the closure and
    /// a node.
    ///
    /// ```swift
    /// for id in subscribers { … }
    /// loop.post { context in context.send(bytes, to: id) }
    /// ```
    @discardableResult
    public func post(_ work: @escaping @Sendable (borrowing LoopContext) -> Void) -> PostResult {
        post(isControl: false, work)
    }

    /// As `post`; what is control passes a mailbox that is full, for work that is bounded by other means.
    @discardableResult
    package func post(
        isControl: Bool, _ work: @escaping @Sendable (borrowing LoopContext) -> Void
    ) -> PostResult {
        enqueue(isControl: isControl) { [self] in
            // Nil only for what is still in the mailbox when the loop has ended.
            guard let host = tenant as? ConnectionHost else { return }
            work(LoopContext(host: host, service: ConnectionHost.everyRole))
        }
    }

    /// Whether the loop owns a connection, which may be over. Any thread.
    public func owns(_ id: ConnectionID) -> Bool { id.loopNumber == number }
}
