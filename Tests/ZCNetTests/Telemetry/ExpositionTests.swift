import Foundation
import Testing

@testable import ZCNet

@Suite struct ExpositionTests {
    private let snapshot = MetricsSnapshot(
        loops: (1...2).map { loop in
            let metrics = LoopMetrics()
            for metric in Metric.allCases { metrics.add(loop * 1_000_000 + metric.rawValue, to: metric) }
            metrics.set(.connections, to: -loop)
            for value in [0, 1, 2, 3, 4, 5, 1000, 1 << 50] {
                metrics.recordCallback(nanoseconds: value * loop)
            }
            metrics.recordTurn(completions: 5)
            return metrics.snapshot()
        })

    @Test func everyFigureIsOnThePage() throws {
        let page = try PrometheusPage(snapshot.prometheusText())
        for metric in Metric.allCases {
            let exposition = metric.exposition
            let name = Metric.expositionPrefix + exposition.name
            let family = try #require(page.family(name))
            #expect(family.type == metric.kind.rawValue && !family.help.isEmpty)
            for loop in 0..<2 {
                var labels = ["loop": "\(loop)"]
                if let label = exposition.label { labels[label.name] = label.value }
                let sample = try #require(family.samples.first { $0.labels == labels })
                #expect(sample.value == Double(snapshot.loops[loop][metric]) / exposition.divisor)
            }
        }
        let samples = page.families.filter { $0.type != "histogram" }.map(\.samples.count).reduce(0, +)
        #expect(samples == Metric.allCases.count * 2, "and nothing else is")
    }

    @Test func namesFollowTheConventions() throws {
        let page = try PrometheusPage(snapshot.prometheusText())
        for family in page.families {
            #expect(family.name.hasPrefix("zcnet_"))
            #expect(family.name.hasSuffix("_total") == (family.type == "counter"), "\(family.name)")
        }
        for name in ["zcnet_received_bytes_total", "zcnet_sent_bytes_total", "zcnet_queued_bytes"] {
            #expect(page.family(name) != nil, "\(name)")
        }
    }

    @Test func histogramsAreCumulative() throws {
        let page = try PrometheusPage(snapshot.prometheusText())
        let histograms = page.families.filter { $0.type == "histogram" }
        #expect(histograms.map(\.name) == ["zcnet_completions_per_turn", "zcnet_callback_seconds"])
        for family in histograms {
            for loop in ["0", "1"] {
                let own = family.samples.filter { $0.labels["loop"] == loop }
                let buckets = own.filter { $0.name.hasSuffix("_bucket") }
                let bounds = try buckets.map { try #require($0.labels["le"].flatMap { Double($0) }) }
                #expect(bounds == bounds.sorted() && bounds.last == .infinity)
                #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
                let count = try #require(own.first { $0.name.hasSuffix("_count") })
                #expect(buckets.last?.value == count.value)
                #expect(own.count { $0.name.hasSuffix("_sum") } == 1)
            }
        }
        let callbacks = try #require(page.family("zcnet_callback_seconds")).samples
        let first = callbacks.filter { $0.labels["loop"] == "0" }
        #expect(first.first { $0.labels["le"] == "3e-09" }?.value == 4)
        #expect(first.first { $0.labels["le"] == "1.023e-06" }?.value == 7)
        #expect(first.first { $0.labels["le"] == "+Inf" }?.value == 8)
    }

    @Test func labelValuesAreEscaped() throws {
        for value in ["", "plain", "a\"b", "a\\b", "a\nb", "\\\"\n\\n", "ü{},= "] {
            let rendered = PrometheusText.render([("loop", value), ("le", "1")])
            #expect(!rendered.contains("\n"))
            let sample = try PrometheusPage.sample("x{\(rendered)} 1")
            #expect(sample.labels == ["loop": value, "le": "1"])
        }
    }

    @Test func theReaderIsStrict() {
        for bad in [
            "a 1", "# TYPE a counter\na 1\n", "# HELP a x\n# TYPE a counter\nb 1\n",
            "# HELP a x\n# TYPE a counter\na{b=\"\\x\"} 1\n", "# HELP a x\n# TYPE a counter\na 1\na 1\n",
            "# HELP a x\n# TYPE a counter\na{b=\"1\"}1\n", "# HELP a x\n# TYPE a counter\n\n",
        ] {
            #expect(throws: PrometheusPage.Failure.self, "\(bad)") { try PrometheusPage(bad) }
        }
    }

    @Test func jsonIsValidAndComplete() throws {
        let parsed = try JSONSerialization.jsonObject(with: Data(snapshot.json().utf8))
        let object = try #require(parsed as? [String: Any])
        let loops = try #require(object["loops"] as? [[String: Any]])
        #expect(object.count == Metric.allCases.count + 1 && loops.count == 2)
        for metric in Metric.allCases {
            #expect(object["\(metric)"] as? Int == snapshot[metric])
            for loop in 0..<2 { #expect(loops[loop]["\(metric)"] as? Int == snapshot.loops[loop][metric]) }
        }
        let callbacks = try #require(loops[0]["callbackNanoseconds"] as? [String: Any])
        #expect(callbacks["count"] as? Int == 8 && callbacks["p50"] as? Int == 3)
    }

    @Test func aGroupWithoutLoopsHasAPageToo() throws {
        let empty = MetricsSnapshot(loops: [])
        #expect(try PrometheusPage(empty.prometheusText()).families.allSatisfy(\.samples.isEmpty))
        #expect(try JSONSerialization.jsonObject(with: Data(empty.json().utf8)) is [String: Any])
    }
}
