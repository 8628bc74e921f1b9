import Glibc
import Testing

@testable import ZCNet

/// Connections from which the io_uring driver receives when the sink says so, as of those who shake hands.
@Suite(.enabled(if: DriverBench.refusal == nil, "needs io_uring"))
struct URingTurnsTests {
    @Test func aCrowdsHellosStayInTheirSocketsUntilTheirTurn() async throws {
        try await DriverBench.run { bench in
            let crowd = try (0..<200).map { _ in try bench.attach(inTurns: true) }
            for connection in crowd { bench.sink.paused.insert(connection.token) }
            try bench.settle()
            for (salt, connection) in crowd.enumerated() { connection.peer.send(pattern(300, salt: salt)) }
            try bench.settle()
            // Nothing was received, and so nothing had to be held or called back.
            #expect(bench.sink.lentCount == 0 && bench.sink.filledCount == 0)
            #expect(crowd.allSatisfy { DriverBench.hasInput($0.descriptor) })
            #expect(crowd.allSatisfy { bench.flags($0).isDisjoint(with: [.receives, .cancels]) })
            #expect(bench.bufferCount == 64)
            for (salt, connection) in crowd.enumerated() {
                bench.resume(connection)
                try bench.poll { !bench.sink.all(connection.token).isEmpty }
                #expect(bench.sink.all(connection.token) == pattern(300, salt: salt))
            }
        }
    }

    /// Who says little for a while afterwards is received from as everybody else is.
    @Test func whoStaysIsServedLikeOthers() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach(inTurns: true)
            var expected: [UInt8] = []
            for salt in 0..<40 {
                let bytes = pattern(50, salt: salt)
                expected += bytes
                connection.peer.send(bytes)
                try bench.poll { bench.sink.all(connection.token).count == expected.count }
            }
            #expect(bench.sink.all(connection.token) == expected)
            #expect(bench.flags(connection).contains(.receives) && bench.sink.lentCount > 0)
        }
    }

    @Test func theEndIsSeen() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach(inTurns: true)
            connection.peer.send("hello")
            connection.peer.finishSending()
            try bench.poll { bench.sink.reports.contains("ended \(connection.token.place)") }
            #expect(bench.sink.all(connection.token) == Array("hello".utf8))
        }
    }
}
