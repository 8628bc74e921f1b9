#if Deflate
/// Idle contexts of several kinds, few enough to be found by looking at each.
///
/// **Complexity.** O(kept); no allocation once warm.
struct ContextShelf<Key: Equatable, Context: AnyObject> {
    /// How many are kept; when one more comes, the one that waited longest goes.
    let keptMax: Int
    private var idle: [(key: Key, context: Context)] = []

    init(keptMax: Int) {
        self.keptMax = keptMax
        idle.reserveCapacity(keptMax)
    }

    var count: Int { idle.count }

    /// The context of that kind that was put back last.
    mutating func take(_ key: Key) -> Context? {
        guard let index = idle.lastIndex(where: { $0.key == key }) else { return nil }
        return idle.remove(at: index).context
    }

    mutating func put(_ context: Context, _ key: Key) {
        guard keptMax > 0 else { return }
        if idle.count == keptMax { idle.removeFirst() }
        idle.append((key, context))
    }

    mutating func removeAll() { idle.removeAll(keepingCapacity: true) }
}
#endif
