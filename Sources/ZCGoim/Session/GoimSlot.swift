import ZCNet

/// What crosses from a loop to a consumer: a header, and a body that keeps its chunk until the slot is given
/// back.
@usableFromInline
struct GoimSlot: Sendable {
    var header = GoimHeader(.raw)
    var body = SharedBytes()
}
