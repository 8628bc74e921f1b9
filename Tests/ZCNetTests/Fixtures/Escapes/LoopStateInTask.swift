// expect: risks causing data races
import ZCNetWebSocket

final class Counter {
    var count = 0
}

func declare(_ routes: inout WebSocketRoutes) {
    routes.link(loopState: { Counter() }) { link, counter in
        let kept = counter.value
        Task { kept.count += 1 }
        kept.count += 1
    }
}
