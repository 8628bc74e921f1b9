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

    /// One figure.
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
