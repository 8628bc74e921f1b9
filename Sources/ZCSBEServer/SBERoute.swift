public import ZCNetWebSocket

/// What serves one message.
///
/// An object, so that a table can lend it without counting references; its closure is constant.
@usableFromInline
final class SBERoute<Handler: SBEMessageHandler & ~Copyable> {
    /// Decodes the message at the start of the bytes and delivers it; says how many bytes it took, or sets
    /// the fault.
    @usableFromInline
    typealias Deliver = (
        inout Handler, RawSpan, ClosedRange<Int>, inout WebSocketConnection<Handler.State>,
        inout GatewayError?
    ) -> Int

    @usableFromInline let templateID: Int
    @usableFromInline let deliver: Deliver

    @inlinable
    init(templateID: Int, _ deliver: @escaping Deliver) {
        self.templateID = templateID
        self.deliver = deliver
    }
}
