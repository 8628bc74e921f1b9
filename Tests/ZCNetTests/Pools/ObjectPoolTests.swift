import Testing

@testable import ZCNet

private final class Parser {
    var state = 0
}

private struct Token: ~Copyable {
    let log: Log
    let number: Int
    deinit { log.ended.append(number) }
}

private final class Log {
    var ended: [Int] = []
    var resets = 0
    var made = 0
}

@Suite struct ObjectPoolTests {
    @Test func instancesAreUsedAgainAfterReset() {
        var pool = ObjectPool(keptMax: 2) {
            Parser()
        } reset: {
            $0.state = 0
        }
        let first = pool.take()
        first.state = 9
        pool.give(first)
        let again = pool.take()
        #expect(again === first && again.state == 0)
        let counts = (pool.madeCount, pool.idleCount, pool.outstandingCount)
        #expect(counts == (1, 0, 1))
        pool.give(again)
    }

    @Test func noMoreThanTheMaximumAreKept() {
        let log = Log()
        do {
            var pool = ObjectPool(keptMax: 1) {
                log.made += 1
                return Token(log: log, number: log.made)
            } reset: { _ in
                log.resets += 1
            }
            let first = pool.take()
            let second = pool.take()
            pool.give(first)
            pool.give(second)
            #expect(log.ended == [2], "the second finds no room")
            #expect(log.resets == 1, "what is destroyed is not reset")
            let counts = (pool.madeCount, pool.idleCount, pool.outstandingCount)
            #expect(counts == (2, 1, 0))
        }
        #expect(log.ended == [2, 1], "idle objects go with the pool")
    }

    @Test func keepsNothingWhenToldSo() {
        var pool = ObjectPool(keptMax: 0, make: { Parser() })
        pool.give(pool.take())
        let counts = (pool.madeCount, pool.idleCount)
        #expect(counts == (1, 0))
    }

    @Test func misuseIsTrapped() async {
        await #expect(processExitsWith: .failure) { _ = ObjectPool(keptMax: -1, make: { Parser() }) }
        await #expect(processExitsWith: .failure) {
            var pool = ObjectPool(keptMax: 1, make: { Parser() })
            pool.give(Parser())
        }
    }
}
