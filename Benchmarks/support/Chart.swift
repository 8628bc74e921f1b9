/// A plot of some of a report's figures.
public struct Chart: Codable, Sendable {
    /// How figures are drawn.
    public enum Kind: String, Codable, Sendable {
        /// A bar for each series at each category.
        case bars
        /// A line for each series over numbers.
        case lines
    }

    /// One of the things that are compared.
    public struct Series: Codable, Sendable {
        /// Its name in the legend.
        public var name: String
        /// A figure for each place of the chart's `x`; nil where there is none.
        public var values: [Double?]

        /// A series.
        public init(_ name: String, _ values: [Double?]) {
            self.name = name
            self.values = values
        }
    }

    /// What the plot shows.
    public var title: String
    /// Bars or lines.
    public var kind: Kind
    /// What the places are, for lines.
    public var xTitle: String
    /// What the figures count.
    public var yTitle: String
    /// Categories, or numbers for lines.
    public var x: [Cell]
    /// What is compared.
    public var series: [Series]
    /// Whether the axis of the places is logarithmic.
    public var isXLogarithmic: Bool
    /// Whether the axis of the figures is logarithmic.
    public var isYLogarithmic: Bool

    /// A chart.
    public init(
        _ title: String, _ kind: Kind, xTitle: String = "", yTitle: String, x: [Cell], series: [Series],
        isXLogarithmic: Bool = false, isYLogarithmic: Bool = false
    ) {
        self.title = title
        self.kind = kind
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.x = x
        self.series = series
        self.isXLogarithmic = isXLogarithmic
        self.isYLogarithmic = isYLogarithmic
    }
}
