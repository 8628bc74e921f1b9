/// Elements in the order in which they came: a queue, and a row that most leave from its midst.
///
/// What was taken is let go at once, and places are given back before those of what was taken outnumber the
/// others, so that a row of which one always stays does not grow. Who has left from the midst is passed over
/// by whoever takes from the front; whoever adds clears an overgrown row of them first. So all of it is O(1)
/// on average. One thread at a time.
package struct ArrivalRow<Element> {
    private var elements: [Element?] = []
    /// Where the row begins.
    private var first = 0
    /// How many stayed when it was cleared last.
    private var stayed = 0

    package init() {}

    /// How many places the row takes, those included whose elements have left or were taken.
    package var placeCount: Int { elements.count }

    /// How many elements there are to take, those included that have left.
    package var count: Int { elements.count - first }

    /// Whether nobody is left to take.
    package var isEmpty: Bool { first == elements.count }

    /// The memory of an element's place, room for growth included, beside what the element refers to.
    package static var bytesPerPlace: Int { 2 * MemoryLayout<Element?>.stride }

    /// How many places are kept however few are in use.
    private static var keptPlacesMax: Int { 64 }

    /// Whether so many have left that the row is to be cleared, where so many at most stay: as many as stayed
    /// the last time, for whoever does not count them.
    package func isOvergrown(staying countMax: Int? = nil) -> Bool {
        elements.count > 2 * (countMax ?? stayed) + Self.keptPlacesMax
    }

    /// Clears the row of those that have left.
    package mutating func clear(_ hasLeft: (Element) -> Bool) {
        elements = elements[first...].filter { element in element.map { !hasLeft($0) } ?? false }
        first = 0
        stayed = elements.count
    }

    /// Adds an element behind all others.
    package mutating func append(_ element: Element) { elements.append(element) }

    /// Takes the element that came first, which may have left.
    package mutating func takeFirst() -> Element? {
        if isEmpty { return nil }
        let element = elements[first].take()
        first += 1
        if isEmpty {
            elements.removeAll(keepingCapacity: elements.capacity <= 1024)
            first = 0
        } else if first >= Self.keptPlacesMax && first * 2 >= elements.count {
            elements.removeFirst(first)
            first = 0
        }
        return element
    }

    /// Puts back, in front of all others, what was taken from there. O(1), unless the row was cleared since.
    package mutating func putBack(_ element: Element) {
        if first == 0 { return elements.insert(element, at: 0) }
        first -= 1
        elements[first] = element
    }

    /// Combines the elements, first to last, those included that have left.
    package func reduce<Result>(_ initial: Result, _ combine: (Result, Element) -> Result) -> Result {
        elements[first...].reduce(initial) { result, element in
            element.map { combine(result, $0) } ?? result
        }
    }

    /// Forgets all of it, its memory too.
    package mutating func removeAll() { self = ArrivalRow() }
}
