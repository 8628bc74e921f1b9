/// What protocol layers send is a view that they were lent; here it becomes the pointer that goes to the
/// kernel.
extension ConnectionHost {
    /// Sends a message of two parts, of which either both are accepted or neither.
    package func send(
        _ slot: LoopOwned<ConnectionSlot>, _ head: MessageHead, _ body: RawSpan, exempt: Bool = false
    ) -> SendResult {
        // SAFETY: the bytes are used during the call only.
        unsafe body.withUnsafeBytes { unsafe send(slot, head, $0, exempt: exempt) }
    }

    /// Sends bytes; they are copied, or in the kernel, when the callback ends.
    package func send(_ slot: LoopOwned<ConnectionSlot>, _ bytes: RawSpan) -> SendResult {
        // SAFETY: as above.
        unsafe bytes.withUnsafeBytes { unsafe send(slot, $0) }
    }
}
