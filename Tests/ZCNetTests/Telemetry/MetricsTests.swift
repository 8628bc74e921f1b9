import Foundation
import Testing

@testable import ZCNet

struct MetricsTests {
    private func sample() -> MetricsSnapshot {
        let loops = [LoopMetrics(), LoopMetrics()]
        loops[0].recordOpen()
        loops[0].recordOpen()
        loops[0].recordClose(cause: CloseCause.timeout(.idle).index)
        loops[0].recordReceive(bytes: 100)
        loops[1].recordSend(bytes: 7)
        loops[1].recordSend(bytes: 8)
        loops[1].recordTurn(completions: 3)
        loops[1].recordTurn(completions: 0)
        loops[1].recordSlowCallback(nanoseconds: 1_500_000_000)
        loops[1].recordCallback(nanoseconds: 1000)
        loops[1].set(.timersArmed, to: 5)
        return MetricsSnapshot(loops: loops.map { $0.snapshot() })
    }

    @Test func figuresAddUpOverLoops() {
        let snapshot = sample()
        #expect(snapshot[.opened] == 2)
        #expect(snapshot[.connections] == 1)
        #expect(snapshot[.closedTimeout] == 1)
        #expect(snapshot[.bytesIn] == 100 && snapshot[.receives] == 1)
        #expect(snapshot.loops[1][.bytesOut] == 15 && snapshot.loops[0][.bytesOut] == 0)
        #expect(snapshot[.turns] == 2 && snapshot[.idleTurns] == 1 && snapshot[.completions] == 3)
        #expect(snapshot.total?[.bytesOut] == 15)
        #expect(snapshot.total?.completionsPerTurn.count == 1)
        #expect(snapshot[.timersArmed] == 5)
        #expect(MetricsSnapshot(loops: []).total == nil)
    }

    @Test func everyCauseHasAFigureOfItsOwn() {
        let causes: [CloseCause] = [
            .peer, .local, .timeout(.idle), .overflow, .protocolError(ProtocolRule("x")),
            .io(.connectionReset), .shutdown,
        ]
        #expect(Set(causes.map(\.index)) == Set(0..<7))
        #expect(Metric.closedByCause.count == causes.count && CloseCause.labels.count == causes.count)
        for cause in causes {
            let label = Metric.closedByCause[cause.index].exposition.label
            #expect(label?.value == CloseCause.labels[cause.index])
        }
    }

    @Test func theJSONIsJSON() throws {
        let parsed = try JSONSerialization.jsonObject(with: Data(sample().json().utf8))
        let object = try #require(parsed as? [String: Any])
        #expect(object["opened"] as? Int == 2)
        let loops = try #require(object["loops"] as? [[String: Any]])
        #expect(loops.count == 2)
        #expect(loops[1]["bytesOut"] as? Int == 15)
        #expect((loops[1]["completionsPerTurn"] as? [String: Int])?["count"] == 1)
        for metric in Metric.allCases { #expect(object["\(metric)"] is Int, "\(metric)") }
    }

    @Test func thePrometheusTextIsWellFormed() throws {
        let text = sample().prometheusText()
        var types: [String: String] = [:]
        var samples: [String: Double] = [:]
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let parts = line.split(separator: " ")
                #expect(types.updateValue(String(parts[3]), forKey: String(parts[2])) == nil, "\(line)")
            } else if !line.hasPrefix("#") {
                let match = try #require(
                    line.wholeMatch(of: /([a-z_]+)\{((?:[a-z]+="[^"\\]*",?)+)\} ([0-9.e+-]+)/))
                let value = try #require(Double(match.3))
                #expect(samples.updateValue(value, forKey: "\(match.1){\(match.2)}") == nil, "\(line)")
                let family = match.1.replacing(/_(bucket|sum|count)$/, with: "")
                #expect(types[String(match.1)] != nil || types[String(family)] == "histogram", "\(line)")
            }
        }
        #expect(text.hasSuffix("\n"))
        #expect(samples[#"zcnet_connections_opened_total{loop="0"}"#] == 2)
        #expect(samples[#"zcnet_connections_closed_total{loop="0",cause="timeout"}"#] == 1)
        #expect(samples[#"zcnet_slow_callback_seconds_total{loop="1"}"#] == 1.5)
        #expect(samples[#"zcnet_completions_per_turn_bucket{loop="1",le="+Inf"}"#] == 1)
        #expect(samples[#"zcnet_completions_per_turn_bucket{loop="1",le="3"}"#] == 1)
        #expect(samples[#"zcnet_completions_per_turn_bucket{loop="1",le="1"}"#] == 0)
    }

    @Test func labelsAreEscaped() {
        #expect(PrometheusText.render([("a", "x\\y\"z\n")]) == #"a="x\\y\"z\n""#)
    }

    @Test func twoLoopsNeverShareALine() {
        let blocks = (0..<8).map { _ in MetricCells(count: 5) }
        for block in blocks { #expect(block.address % UInt(MetricCells.lineBytes) == 0) }
        #expect(Set(blocks.map { $0.address / UInt(MetricCells.lineBytes) }).count == blocks.count)
        for block in blocks { block.free() }
    }

    @Test func readersNeverSeeAFigureGoBack() async {
        let metrics = LoopMetrics()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for _ in 0..<50_000 { metrics.recordReceive(bytes: 3) }
                return true
            }
            group.addTask {
                var last = 0
                for _ in 0..<50_000 {
                    let now = metrics[.bytesIn]
                    if now < last || now % 3 != 0 { return false }
                    last = now
                }
                return true
            }
            for await isFine in group { #expect(isFine) }
        }
        #expect(metrics[.bytesIn] == 150_000)
    }
}
