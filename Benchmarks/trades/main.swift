import BenchmarkSupport
import Glibc
import ZCProto

// The time that trades of 29 bytes, one to a frame, spend in user space: from the return of `recv` to the
// return of the handler that has read all four fields. Frame header, unmasking, checks and decoding are all
// in it, and so are two looks at the clock for each reception.
// Call: Scripts/bench/trades

/// Reads every field.
struct Tally: TradeMessageHandler {
    private var sum: UInt64 = 0
    private var price = 0.0

    mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
        sum &+= trade.tradeId &+ UInt64(trade.quantity) &+ UInt64(trade.symbol.byte)
        price += trade.price
    }
}

func measure(
    framesAtOnce: Int, pauseMicroseconds: UInt32, sendings: Int, _ driver: DriverChoice
) throws -> [Cell] {
    let keeper = TimeKeeper(frameBytes: Feed.frameBytes, limit: sendings)
    var configuration = TradeServer.Configuration()
    configuration.webSocket.tcp.group.loops = 1
    configuration.webSocket.tcp.group.driver = driver
    configuration.webSocket.tcp.group.tracer = keeper
    let server = try TradeServer(on: "127.0.0.1:0", configuration: configuration) { Tally() }
    guard case .ip(_, let port) = server.address else { return [] }
    try server.start()
    try Feed(port: port, framesAtOnce: framesAtOnce).run(
        sendings: sendings, pauseMicroseconds: pauseMicroseconds)
    server.shutdown(grace: .seconds(5))
    server.wait()
    let figures = keeper.quantiles([500, 900, 990, 999]).map { Cell.number($0) }
    return [
        .text("\(driver.rawValue)"), .number(Double(framesAtOnce)), .number(Double(pauseMicroseconds)),
    ] + figures
        + [.number(Double(server.counts.messages))]
}

let options = ReportOptions()
var report = Report(
    "trades", "29-byte trades, one to a frame: user space from reception to the handler's return")
do {
    var rows: [[Cell]] = []
    for driver in [DriverChoice.epoll, .uring] {
        for (framesAtOnce, pause) in [(1, UInt32(20)), (1, 0), (16, 20), (512, 20)] {
            let sendings = options.isQuick ? 200 : max(20_000 / framesAtOnce, 2000)
            rows.append(
                try measure(
                    framesAtOnce: framesAtOnce, pauseMicroseconds: pause, sendings: sendings, driver))
        }
    }
    report.tables.append(
        Table(
            "Nanoseconds per trade",
            columns: ["driver", "frames at once", "pause µs", "p50", "p90", "p99", "p99.9", "trades"],
            rows: rows))
    report.publish(options)
} catch {
    print("trade-benchmark: \(error)")
    exit(1)
}
