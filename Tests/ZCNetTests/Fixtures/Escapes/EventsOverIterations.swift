// expect: escapes its scope
import ZCProto

func last(_ queue: EventQueue<Int, String>) -> String? {
    var kept = Span<String>()
    while queue.handle(batchesMax: 1, { batch in kept = batch.events }) == .more {}
    return kept.isEmpty ? nil : kept[0]
}
