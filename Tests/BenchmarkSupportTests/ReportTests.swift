import Foundation
import Testing

@testable import BenchmarkSupport

/// The form that every benchmark writes, and what is made of it.
struct ReportTests {
    private var report: Report {
        var report = Report("sample", "A <sample> & more", notes: ["A note."])
        report.tables = [
            Table(
                "Figures", columns: ["what", "µs", "ratio"],
                rows: [["first", 1234.5, .missing], ["second", 0.0421, 2]])
        ]
        report.charts = [
            Chart(
                "Bars & <more>", .bars, yTitle: "µs", x: ["first", "second"],
                series: [.init("with", [1, 2]), .init("without", [nil, 4])], isYLogarithmic: true),
            Chart(
                "Lines", .lines, xTitle: "connections", yTitle: "µs", x: [1, 10, 100],
                series: [.init("with", [3, 2, nil])], isXLogarithmic: true),
        ]
        return report
    }

    @Test(arguments: [
        (0.0, "0"), (0.0421, "0.042"), (0.5, "0.500"), (1.0, "1"), (1.256, "1.26"), (1.999, "2.00"),
        (12.34, "12.3"), (99.96, "100.0"), (100.4, "100"), (1234.5, "1,235"), (1_234_567.0, "1,234,567"),
        (-0.25, "-0.250"), (-1234.0, "-1,234"), (.infinity, "–"), (.nan, "–"),
    ])
    func figuresHaveThreeDigitsThatMatter(_ value: Double, _ text: String) {
        #expect(Cell.formatted(value) == text)
    }

    @Test func jsonComesBack() throws {
        let copy = try Report(json: report.json)
        #expect(copy.tables[0].rows == report.tables[0].rows)
        #expect(copy.charts[0].series[1].values == [nil, 4])
        #expect(try copy.json == report.json)
    }

    /// What scripts write: numbers with and without a fraction, null, and words.
    @Test func jsonOfScriptsIsRead() throws {
        let text = """
            {"name": "n", "title": "t", "notes": [], "machine": "m", "charts": [], "tables": [{"title": "t",
            "columns": ["a", "b", "c", "d"], "rows": [["word", 3, 0.5, null]]}]}
            """
        let read = try Report(json: Data(text.utf8))
        #expect(read.tables[0].rows == [["word", 3, 0.5, .missing]])
    }

    @Test func whatIsNoReportIsRefused() {
        #expect(throws: (any Error).self) { try Report(json: Data("{\"name\": 3}".utf8)) }
    }

    @Test func columnsAreAligned() {
        let expected = """
            Figures
              what       µs  ratio
              first   1,235      –
              second  0.042      2

            """
        #expect(report.tables[0].text == expected)
    }

    @Test func markdownHasEveryCell() {
        #expect(
            report.markdown == """
                Figures:

                | what | µs | ratio |
                |---|---|---|
                | first | 1,235 | – |
                | second | 0.042 | 2 |

                A note.

                """)
    }

    @Test func plotsAreWellFormed() {
        let svg = Plot(report.charts, machine: "2 processors").svg
        let parser = XMLParserOfShapes()
        #expect(parser.shapes(of: svg) != nil)
        // A background, two legends of two and one, three bars; a line of two points.
        #expect(parser.shapes(of: svg)?["rect"] == 1 + 3 + 3)
        #expect(parser.shapes(of: svg)?["polyline"] == 1)
        #expect(parser.shapes(of: svg)?["circle"] == 2)
        #expect(svg.contains("Bars &amp; &lt;more>"))
    }

    @Test func nothingMeasuredDrawsNothing() {
        let empty = Chart("Empty", .lines, yTitle: "µs", x: [], series: [.init("with", [])])
        let nothing = Chart("Nothing", .bars, yTitle: "µs", x: ["first"], series: [.init("with", [nil])])
        #expect(XMLParserOfShapes().shapes(of: Plot([empty, nothing], machine: "").svg) != nil)
    }

    @Test func scalesBeginAndEndWhereTheyShould() {
        let linear = Scale(from: 0, to: 10, isLogarithmic: false, over: 100, 200)
        #expect(linear.place(0) == 100)
        #expect(linear.place(5) == 150)
        #expect(linear.ticks == [0, 2, 4, 6, 8, 10])
        let powers = Scale(from: 1, to: 1000, isLogarithmic: true, over: 0, 300)
        #expect(abs(powers.place(10) - 100) < 1e-9)
        #expect(powers.place(0) == 0, "what is below the axis lies at its beginning")
        #expect(powers.ticks == [1, 10, 100, 1000])
        let single = Scale(from: 5, to: 5, isLogarithmic: true, over: 0, 100)
        #expect(single.place(5) == 0)
        let decades = Scale(decadesAround: 30, 4000, over: 0, 300)
        #expect(decades.ticks == [10, 100, 1000, 10_000])
        #expect(abs(decades.place(100) - 100) < 1e-9)
    }

    @Test func optionsTakeTheirValuesAndLeaveTheRest() {
        let options = ReportOptions(["rings", "--json", "a.json", "--quick", "7", "--svg", "b.svg"])
        #expect(options.rest == ["rings", "7"])
        #expect(options.jsonPath == "a.json")
        #expect(options.svgPath == "b.svg")
        #expect(options.isQuick && !options.isMarkdown)
        #expect(options.repetitions(9) == 1)
    }

    @Test func contendersTakeTurns() {
        var turns = ""
        let measured = Measurement.interleaved(
            rounds: 3,
            [
                "a": {
                    turns += "a"
                    return 2
                },
                "b": {
                    turns += "b"
                    return 6
                },
            ])
        #expect(turns == "abababab", "one round to warm up, then three")
        #expect(measured["a"] == 2)
        #expect(measured.ratio("b", to: "a") == 3)
        #expect(measured.ratio("unknown", to: "a").isNaN)
    }
}
