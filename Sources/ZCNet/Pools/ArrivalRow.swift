/// Elements in the order in which they came, where most leave from the midst of the row.
///
/// Who has left is passed over by whoever takes from the front. Whoever adds clears an overgrown row first,
/// so that all of it is O(1) on average. One thread at a time.
package struct ArrivalRow<Element> {
    private var elements: [Element] = []
    /// Where the row begins.
    private var first = 0

    package init() {}

    /// How many places the row takes, those included whose elements have left or were taken.
    package var placeCount: Int { elements.count }

    /// Whether nobody is left to take.
    package var isEmpty: Bool { first == elements.count }

    /// Whether so many have left that the row is to be cleared, where so many at most stay.
    package func isOvergrown(staying countMax: Int) -> Bool { elements.count > 2 * countMax + 64 }

    /// Clears the row of those that have left.
    package mutating func clear(of hasLeft: (Element) -> Bool) {
        elements = elements[first...].filter { !hasLeft($0) }
        first = 0
    }

    /// Adds an element behind all others.
    package mutating func append(_ element: Element) { elements.append(element) }

    /// Takes the element that came first, which may have left.
    package mutating func takeFirst() -> Element? {
        if isEmpty { return nil }
        let element = elements[first]
        first += 1
        // Nobody stays behind in memory for longer than the row has others.
        if isEmpty {
            elements.removeAll(keepingCapacity: elements.capacity <= 1024)
            first = 0
        }
        return element
    }

    /// Puts back, in front of all others, what was taken from there. O(1), unless the row was cleared since.
    package mutating func putBack(_ element: Element) {
        guard first > 0 else { return elements.insert(element, at: 0) }
        first -= 1
        elements[first] = element
    }
}
