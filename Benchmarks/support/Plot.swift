import Foundation

/// Charts as SVG, one below the other, in plain shapes and text that any browser shows.
struct Plot {
    private let charts: [Chart]
    private let machine: String
    private var shapes: [String] = []
    private var top = 0.0

    private static let width = 760.0
    private static let colours = ["#3366cc", "#dc7a1e", "#2f9e60", "#b03a8c", "#7a6a58", "#c0392b"]

    init(_ charts: [Chart], machine: String) {
        self.charts = charts
        self.machine = machine
    }

    var svg: String {
        var copy = self
        for chart in charts { copy.draw(chart) }
        copy.text(machine, 10, copy.top + 12, size: 10, colour: "#777")
        let height = Int(copy.top + 24)
        let head = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(height)" \
            width="\(Int(Self.width))" height="\(height)" font-family="sans-serif">
            <rect width="100%" height="100%" fill="#fff"/>

            """
        return head + copy.shapes.joined(separator: "\n") + "\n</svg>\n"
    }

    private mutating func draw(_ chart: Chart) {
        text(chart.title, 10, top + 22, size: 15, isBold: true)
        var x = 10.0
        for (index, series) in chart.series.enumerated() {
            rectangle(x, top + 33, 10, 10, Self.colour(index))
            text(series.name, x + 14, top + 42)
            x += 30 + Double(series.name.count) * 6.5
        }
        top += 52
        switch chart.kind {
        case .bars: drawBars(chart)
        case .lines: drawLines(chart)
        }
    }

    // MARK: Bars

    private mutating func drawBars(_ chart: Chart) {
        let values = chart.series.flatMap { $0.values.compactMap(\.self) }.filter { $0.isFinite && $0 > 0 }
        let most = values.max() ?? 1
        let scale = Scale(
            from: chart.isYLogarithmic ? (values.min() ?? 1) / 2 : 0, to: most,
            isLogarithmic: chart.isYLogarithmic,
            over: 230, Self.width - 80)
        for (place, name) in chart.x.enumerated() {
            let height = Double(chart.series.count) * 14
            text(name.description, 222, top + height / 2 + 4, anchor: "end")
            for (index, series) in chart.series.enumerated() {
                guard let value = series.values[place], value.isFinite else { continue }
                let end = scale.place(value)
                let y = top + Double(index) * 14
                rectangle(230, y, max(1, end - 230), 11, Self.colour(index))
                text(Cell.formatted(value), max(231, end) + 4, y + 9, size: 10)
            }
            top += height + 8
        }
        text(
            chart.yTitle + (chart.isYLogarithmic ? " (logarithmic)" : ""), 230, top + 8, size: 11,
            colour: "#555")
        top += 24
    }

    // MARK: Lines

    private mutating func drawLines(_ chart: Chart) {
        let places = chart.x.compactMap(\.number)
        let values = chart.series.flatMap { $0.values.compactMap(\.self) }.filter(\.isFinite)
        guard places.count == chart.x.count, let first = places.min(), let last = places.max(),
            let least = values.min(), let most = values.max()
        else { return }
        let height = 240.0
        let across = Scale(
            from: first, to: last, isLogarithmic: chart.isXLogarithmic, over: 70, Self.width - 30)
        let up =
            chart.isYLogarithmic
            ? Scale(decadesAround: least, most, over: top + height, top + 10)
            : Scale(from: min(0, least), to: most, isLogarithmic: false, over: top + height, top + 10)
        for tick in up.ticks {
            line(70, up.place(tick), Self.width - 30, up.place(tick), "#e4e4e4")
            text(Cell.formatted(tick), 64, up.place(tick) + 4, size: 10, anchor: "end")
        }
        for place in places {
            line(across.place(place), top + height, across.place(place), top + height + 4, "#777")
            text(Cell.formatted(place), across.place(place), top + height + 16, size: 10, anchor: "middle")
        }
        for (index, series) in chart.series.enumerated() {
            let points = zip(places, series.values).compactMap { place, value in
                value.map { (across.place(place), up.place($0)) }
            }
            let colour = Self.colour(index)
            let path = points.map { "\(Self.round($0.0)),\(Self.round($0.1))" }.joined(separator: " ")
            shapes.append(
                "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"/>"
            )
            for (x, y) in points {
                shapes.append(
                    "<circle cx=\"\(Self.round(x))\" cy=\"\(Self.round(y))\" r=\"3\" fill=\"\(colour)\"/>"
                )
            }
        }
        text("\(chart.yTitle), over \(chart.xTitle)", 70, top + height + 32, size: 11, colour: "#555")
        top += height + 48
    }

    // MARK: Shapes

    private static func colour(_ index: Int) -> String { colours[index % colours.count] }

    private static func round(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
    }

    private mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ colour: String
    ) {
        shapes.append(
            "<rect x=\"\(Self.round(x))\" y=\"\(Self.round(y))\" width=\"\(Self.round(width))\" "
                + "height=\"\(Self.round(height))\" fill=\"\(colour)\"/>")
    }

    private mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String) {
        shapes.append(
            "<line x1=\"\(Self.round(x1))\" y1=\"\(Self.round(y1))\" x2=\"\(Self.round(x2))\" "
                + "y2=\"\(Self.round(y2))\" stroke=\"\(colour)\"/>")
    }

    private mutating func text(
        _ string: String, _ x: Double, _ y: Double, size: Int = 12, colour: String = "#222",
        anchor: String = "start", isBold: Bool = false
    ) {
        let escaped = string.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        shapes.append(
            "<text x=\"\(Self.round(x))\" y=\"\(Self.round(y))\" font-size=\"\(size)\" fill=\"\(colour)\" "
                + "text-anchor=\"\(anchor)\"\(isBold ? " font-weight=\"bold\"" : "")>\(escaped)</text>")
    }
}
