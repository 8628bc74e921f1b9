import Testing
import ZCNetWebSocket

@testable import ToolSupport

/// What `zc top` shows is a function of two pages.
struct VarzViewTests {
    /// A page as servers write it, as far as the view looks at it.
    private func page(_ figures: [String: Int64], webSocket: [String: Int64]? = nil) throws -> Varz {
        var members = figures.mapValues { JSONValue.integer($0) }
        members["connections"] = members["connections"] ?? 0
        let quantiles: JSONValue = ["count": 400, "sum": 1, "p50": 3, "p99": 40, "p999": 2_500_000]
        members["loops"] = [["turns": 10, "completionsPerTurn": quantiles, "callbackNanoseconds": quantiles]]
        if let webSocket {
            var more = webSocket.mapValues { JSONValue.integer($0) }
            more["closes"] = ["1000": 7, "1006": 30, "1001": 0]
            members["webSocket"] = .object(more)
        }
        return try #require(Varz(.object(members)))
    }

    @Test func ratesAreOfTheTimeBetweenTwoPages() throws {
        let before = try page(["turns": 1, "opened": 10, "messagesIn": 1000])
        let now = try page([
            "turns": 2, "opened": 30, "messagesIn": 31_000, "connections": 12_345, "queuedBytes": 2_500_000,
        ])
        let lines = VarzView(now: now, before: before, seconds: 2, place: "here:1").lines
        #expect(lines[0].hasPrefix("here:1: 1 loop ") && lines[0].hasSuffix("rates of 2.0 s"))
        #expect(lines.contains { $0.hasPrefix("connections       12.3k    opened/s           10.0") })
        #expect(lines.contains { $0.hasPrefix("messages in/s     15.0k") })
        #expect(lines.contains { $0.hasPrefix("waiting bytes      2.5M") })
        #expect(!lines.contains { $0.hasPrefix("conversations") }, "no server of WebSocket")
    }

    @Test func causesAndCodesStandMostFrequentFirst() throws {
        let before = try page(["closedPeer": 5, "closedProtocolError": 10], webSocket: ["upgrades": 0])
        let now = try page(
            ["closedPeer": 5, "closedProtocolError": 20, "closedIO": 7, "closedTimeout": 0],
            webSocket: ["upgrades": 50])
        let lines = VarzView(now: now, before: before, seconds: 10, place: "here").lines
        let title = try #require(lines.firstIndex { $0.hasPrefix("connections ended, by cause") })
        let rows = lines[(title + 1)...].map { $0.split(separator: " ").joined(separator: " ") }
        #expect(rows == ["protocol error 20 1.0 1006 30 0.0", "io 7 0.7 1000 7 0.0", "peer 5 0.0"])
        #expect(
            lines.contains {
                $0.hasSuffix("requests/s          0.0") && $0.contains("upgrades/s          5.0")
            })
    }

    /// Counters that have fallen are of a server that was begun anew; so it is with the first page.
    @Test(arguments: [true, false])
    func ratesAreUnknownWithoutAnEarlierPage(isRestarted: Bool) throws {
        let before = isRestarted ? try page(["turns": 100, "opened": 100]) : nil
        let lines = VarzView(now: try page(["turns": 1]), before: before, seconds: 1, place: "here").lines
        #expect(lines[0].hasSuffix("rates with the next view"))
        #expect(lines.contains { $0.contains("opened/s              ?") })
    }

    @Test func nothingIsWiderThanATerminal() throws {
        let huge = Int64.max
        let names = [
            "turns", "opened", "messagesIn", "messagesOut", "bytesIn", "bytesOut", "queuedBytes",
            "memoryBytes",
            "timersArmed", "overflows", "droppedMessages", "memoryEvictions", "closedPeer", "closedOverflow",
        ]
        let now = try page(
            Dictionary(uniqueKeysWithValues: names.map { ($0, huge) }), webSocket: ["conversations": huge])
        let place = String(repeating: "long.", count: 30)
        let lines = VarzView(now: now, before: try page([:]), seconds: 0.001, place: place).lines
        #expect(lines.count < 40)
        for line in lines { #expect(line.count <= VarzView.columns, "\(line)") }
    }

    @Test(arguments: [
        (0, "0.0"), (9.96, "10.0"), (99.9, "99.9"), (99.96, "100"), (9_999, "9999"), (9_999.6, "10.0k"),
        (999_960, "1.0M"), (2_500_000, "2.5M"), (1e12, "1.0T"), (-1500, "-1500"),
    ])
    func amountsHaveAFewFigures(_ value: Double, _ text: String) {
        #expect(VarzView.amount(value) == text)
    }

    @Test func whatIsNoPageOfAServerIsNone() throws {
        #expect(Varz(try JSONValue(parsing: "{\"a\":1}")) == nil)
        #expect(Varz([1, 2]) == nil)
        #expect(try page([:])["whatever"] == 0)
    }
}
