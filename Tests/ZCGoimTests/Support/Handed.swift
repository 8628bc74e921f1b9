import ZCGoim

/// Brings a consumer, which cannot be copied, into a thread's closure.
///
/// SAFETY: `Sendable` is unchecked because one thread fills it and then another one takes from it.
final class Handed: @unchecked Sendable {
    private var consumer: GoimConsumer?
    init(_ consumer: consuming GoimConsumer) { self.consumer = consume consumer }
    func take() -> GoimConsumer? { consumer.take() }
    func put(_ consumer: consuming GoimConsumer) { self.consumer = consume consumer }
}
