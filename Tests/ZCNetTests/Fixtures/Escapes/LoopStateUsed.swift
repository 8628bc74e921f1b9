// compiles
import ZCNetWebSocket

/// What the links of a loop have together need not be `Sendable`.
final class Counter {
    var count = 0
}

func declare(_ routes: inout WebSocketRoutes) {
    routes.link(loopState: { Counter() }) { link, counter in
        while let text = try await link.receive({ $0.text }) {
            counter.value.count += 1
            try await link.send("\(counter.value.count) \(text)")
            counter.withValue { $0 = Counter() }
        }
    }
}
