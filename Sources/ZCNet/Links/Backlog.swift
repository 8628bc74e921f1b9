/// What waits in order for a task that is busy elsewhere.
///
/// What was taken is let go at once, and its place is given back before the places of what was taken
/// outnumber those of what waits: a task that always stays one behind does not make the line grow. Amortized
/// O(1).
package struct Backlog<Element> {
    private var places: [Element?] = []
    private var head = 0

    package init() {}

    /// How many elements have not been taken.
    package var count: Int { places.count - head }

    package var isEmpty: Bool { head == places.count }

    package mutating func append(_ element: Element) { places.append(element) }

    /// Has it taken next, before all that waits.
    package mutating func putBack(_ element: Element) {
        if head == 0 { return places.insert(element, at: 0) }
        head -= 1
        places[head] = element
    }

    /// The first of what waits; nil when nothing does.
    package mutating func popFirst() -> Element? {
        if isEmpty { return nil }
        let first = places[head].take()
        head += 1
        if head == places.count {
            places.removeAll(keepingCapacity: places.capacity <= Self.keptPlacesMax)
            head = 0
        } else if head >= Self.keptPlacesMax && head * 2 >= places.count {
            places.removeFirst(head)
            head = 0
        }
        return first
    }

    /// Combines what waits, first to last.
    package func reduce<Result>(_ initial: Result, _ combine: (Result, Element) -> Result) -> Result {
        places[head...].reduce(initial) { result, element in element.map { combine(result, $0) } ?? result }
    }

    /// How many places there are, those of what was taken too.
    var placesCount: Int { places.count }

    /// Forgets all of it, its memory too.
    package mutating func removeAll() { self = Backlog() }

    /// How many places an empty line may keep, and how many taken ones a long one.
    private static var keptPlacesMax: Int { 64 }

    /// The memory of one that waits, room for growth included, beside what it refers to.
    package static var bytesPerElement: Int { 2 * MemoryLayout<Element?>.stride }
}
