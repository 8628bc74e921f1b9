/// The figures that one part of the library keeps, by name: the one table that recording, snapshots and
/// renderings of that part go by. An enumeration whose raw values count from 0.
///
/// The loops have ``Metric``; a module above has a family of its own, so that no module lists the figures of
/// another one.
package protocol FigureFamily: CaseIterable, Hashable, Sendable, RawRepresentable where RawValue == Int {
    /// What the family's names in expositions begin with.
    static var expositionPrefix: String { get }
    /// Whether the figure goes up and down; others count events and never fall.
    var isGauge: Bool { get }
    /// How the figure is called in expositions.
    var exposition: FigureExposition { get }
}

/// How a figure is called in expositions: a name, a label that tells figures of one name apart, and what it
/// says.
package struct FigureExposition: Sendable {
    /// The name without the family's prefix.
    package let name: String
    /// What is counted, in a sentence.
    package let help: String
    /// Tells it from other figures of the same name.
    package let label: (name: String, value: String)?
    /// How many of the figure's units make one of the exposition's.
    package let divisor: Double

    package init(
        _ name: String, _ help: String, label: (name: String, value: String)? = nil, divisor: Double = 1
    ) {
        self.name = name
        self.help = help
        self.label = label
        self.divisor = divisor
    }
}

/// A family's figures at one moment, as a value.
package struct FigureValues<Family: FigureFamily>: Hashable, Sendable {
    private var values: [Int]

    /// Takes each figure from where it is kept.
    package init(_ value: (Family) -> Int) { values = Family.allCases.map(value) }

    /// The value of one figure.
    package subscript(figure: Family) -> Int {
        get { values[figure.rawValue] }
        set { values[figure.rawValue] = newValue }
    }

    /// Both together: what they count is added up.
    package func merged(with other: FigureValues) -> FigureValues {
        FigureValues { self[$0] + other[$0] }
    }

    /// The figures as members of a JSON object, without its braces.
    package var json: String { Family.allCases.map { "\"\($0)\":\(self[$0])" }.joined(separator: ",") }

    /// The figures in Prometheus' text format.
    package var prometheusText: String {
        var page = PrometheusText()
        page.add([([], self)])
        return page.text
    }
}

/// The cells of a family's figures: written by one thread, read from any. Freed by its owner.
@frozen
@usableFromInline
package struct FigureCells<Family: RawRepresentable & Sendable>: Sendable where Family.RawValue == Int {
    @usableFromInline let cells: MetricCells

    /// All figures begin at 0.
    package init() where Family: FigureFamily { cells = MetricCells(count: Family.allCases.count) }

    /// Frees the cells; by their owner, once, after the last use.
    package func free() { cells.free() }

    /// A figure as it is now. Any thread.
    @inlinable
    package subscript(figure: Family) -> Int { cells.read(figure.rawValue) }

    /// Counts events, or moves a gauge. The writer only.
    @inlinable
    @inline(__always)
    package func add(_ amount: Int, to figure: Family) { cells.add(amount, to: figure.rawValue) }

    /// Sets a gauge. The writer only.
    @inlinable
    @inline(__always)
    package func set(_ figure: Family, to value: Int) { cells.set(value, at: figure.rawValue) }
}

/// The figures of one part that has nothing else to keep: written by the thread that works for it, read from
/// any. An event costs one plain addition.
@usableFromInline
package final class Figures<Family: RawRepresentable & Sendable>: Sendable where Family.RawValue == Int {
    @usableFromInline let cells: FigureCells<Family>

    /// All figures begin at 0.
    package init() where Family: FigureFamily { cells = FigureCells() }

    deinit { cells.free() }

    /// A figure as it is now. Any thread.
    @inlinable
    package subscript(figure: Family) -> Int { cells[figure] }

    /// Counts events, or moves a gauge. The writer only.
    @inlinable
    package func add(_ amount: Int, to figure: Family) { cells.add(amount, to: figure) }

    /// Sets a gauge. The writer only.
    @inlinable
    package func set(_ figure: Family, to value: Int) { cells.set(figure, to: value) }
}

extension FigureCells where Family: FigureFamily {
    /// All figures as a value. Any thread.
    package var values: FigureValues<Family> { FigureValues { self[$0] } }
}

extension Figures where Family: FigureFamily {
    /// All figures as a value. Any thread.
    package var values: FigureValues<Family> { cells.values }
}
