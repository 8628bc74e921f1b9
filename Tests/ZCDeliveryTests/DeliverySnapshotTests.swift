import Testing

@testable import ZCDelivery

@Suite struct DeliverySnapshotTests {
    @Test func everyFigureIsShownOnce() {
        let figures = DeliveryFigures()
        for (index, metric) in DeliveryMetric.allCases.enumerated() { figures.add(index + 1, to: metric) }
        let snapshot = figures.snapshot()
        let twice = snapshot.merged(with: snapshot)
        let lines = twice.prometheusText().split(separator: "\n")
        for (index, metric) in DeliveryMetric.allCases.enumerated() {
            #expect(snapshot[metric] == index + 1 && twice[metric] == 2 * (index + 1))
            let family = "zcnet_delivery_" + metric.exposition.name
            #expect(lines.count { $0 == "\(family) \(2 * (index + 1))" } == 1)
            #expect(lines.contains("# TYPE \(family) \(metric.isGauge ? "gauge" : "counter")"))
            #expect(metric.isGauge != family.hasSuffix("_total"))
            #expect(snapshot.json().contains("\"\(metric)\":\(index + 1)"))
        }
        #expect(lines.count == 3 * DeliveryMetric.allCases.count)
    }
}
