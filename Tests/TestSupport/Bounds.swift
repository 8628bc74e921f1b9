/// A setting that is a number, and what it may be.
package struct Bound<Settings> {
    let path: WritableKeyPath<Settings, Int>
    let range: ClosedRange<Int>

    package init(_ path: WritableKeyPath<Settings, Int>, _ range: ClosedRange<Int>) {
        self.path = path
        self.range = range
    }
}

/// Settings that are taken though they are outside of their bounds, or refused at them; empty where every
/// bound is checked. All other settings are as in `settings`.
package func unkeptBounds<Settings>(
    of settings: Settings, _ bounds: [Bound<Settings>], validate: (Settings) throws -> Void
) -> [String] {
    var unkept: [String] = []
    for bound in bounds {
        let (low, high) = (bound.range.lowerBound, bound.range.upperBound)
        for (value, isGood) in [(low - 1, false), (low, true), (high, true), (high + 1, false)] {
            var changed = settings
            changed[keyPath: bound.path] = value
            var isTaken = true
            do { try validate(changed) } catch { isTaken = false }
            if isTaken != isGood { unkept.append("\(bound.path): \(value)") }
        }
    }
    return unkept
}
