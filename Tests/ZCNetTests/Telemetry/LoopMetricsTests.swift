import Testing

@testable import ZCNet

@Suite struct LoopMetricsTests {
    @Test func everyFigureHasACellOfItsOwn() {
        let metrics = LoopMetrics()
        for metric in Metric.allCases { metrics.add(metric.rawValue + 1, to: metric) }
        let snapshot = metrics.snapshot()
        for metric in Metric.allCases {
            #expect(snapshot[metric] == metric.rawValue + 1 && metrics[metric] == metric.rawValue + 1)
        }
        metrics.set(.queuedBytes, to: -3)
        metrics.add(1, to: .queuedBytes)
        #expect(metrics[.queuedBytes] == -2)
    }

    @Test func eventsCountWhereTheyBelong() {
        let metrics = LoopMetrics()
        metrics.recordTurn(completions: 0)
        metrics.recordTurn(completions: 3)
        metrics.recordReceive(bytes: 100)
        metrics.recordReceive(bytes: 1)
        metrics.recordSend(bytes: 7)
        metrics.recordSlowCallback(nanoseconds: 200_000_000)
        metrics.recordCallback(nanoseconds: 900)
        for cause in Metric.closedByCause.indices {
            metrics.recordOpen()
            metrics.recordOpen()
            metrics.recordClose(cause: cause)
        }
        let figures = metrics.snapshot()
        #expect(figures[.turns] == 2 && figures[.idleTurns] == 1 && figures[.completions] == 3)
        #expect(figures.completionsPerTurn.count == 1 && figures.completionsPerTurn.sum == 3)
        #expect(figures[.receives] == 2 && figures[.bytesIn] == 101)
        #expect(figures[.sends] == 1 && figures[.bytesOut] == 7)
        #expect(figures[.slowCallbacks] == 1 && figures[.slowCallbackNanoseconds] == 200_000_000)
        #expect(figures.callbackNanoseconds.sum == 900)
        #expect(figures[.opened] == 14 && figures[.connections] == 7 && metrics.connectionCount == 7)
        for metric in Metric.closedByCause { #expect(figures[metric] == 1) }
    }

    /// One thread writes; others read all the while. What they see never falls, and nothing is lost.
    @Test func readersSeeCountersGrow() async {
        let metrics = LoopMetrics()
        let rounds = 20_000
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for round in 1...rounds {
                    metrics.recordTurn(completions: round % 5)
                    metrics.recordReceive(bytes: 10)
                    metrics.add(round % 2 == 0 ? -1 : 1, to: .queuedBytes)
                }
                return true
            }
            for _ in 0..<3 {
                group.addTask {
                    var last = metrics.snapshot()
                    var isRising = true
                    while last[.receives] < rounds {
                        let next = metrics.snapshot()
                        isRising =
                            isRising && next[.turns] >= last[.turns] && next[.bytesIn] >= last[.bytesIn]
                            && (0...1).contains(next[.queuedBytes])
                            && next.completionsPerTurn.count >= last.completionsPerTurn.count
                        last = next
                    }
                    return isRising
                }
            }
            for await isRising in group { #expect(isRising) }
        }
        let figures = metrics.snapshot()
        #expect(figures[.turns] == rounds && figures[.bytesIn] == rounds * 10)
        #expect(figures[.completions] == rounds * 2 && figures.completionsPerTurn.sum == rounds * 2)
        #expect(figures[.queuedBytes] == 0)
    }

    @Test func loopsAddUp() {
        let loops = (1...3).map { loop in
            let metrics = LoopMetrics()
            for metric in Metric.allCases { metrics.add(loop * 100 + metric.rawValue, to: metric) }
            metrics.recordCallback(nanoseconds: loop)
            return metrics.snapshot()
        }
        let snapshot = MetricsSnapshot(loops: loops)
        for metric in Metric.allCases {
            #expect(
                snapshot[metric] == 600 + 3 * metric.rawValue && snapshot.total?[metric] == snapshot[metric])
        }
        #expect(snapshot.total?.callbackNanoseconds.sum == 6)
        #expect(snapshot == MetricsSnapshot(loops: loops))
        #expect(MetricsSnapshot(loops: []).total == nil && MetricsSnapshot(loops: [])[.turns] == 0)
    }
}
