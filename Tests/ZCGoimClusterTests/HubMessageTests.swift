import Testing
import ZCNet
import ZCNetTesting

@testable import ZCCluster
@testable import ZCGoimCluster

/// What hubs push to each other, as bytes.
@Suite struct HubMessageTests {
    private var messages: [HubMessage] {
        let header = GoimHeader(
            GoimOperation(rawValue: 1000), sequence: -3, version: 2, roomID: .min, userID: .max)
        let message = GoimMessage(header, body: "body")
        let operation = GoimOperation(rawValue: 1001)
        let targets: [HubMessage.Target] = [
            .keys(["alice", "", "bob"], acceptedAs: operation), .keys([], acceptedAs: operation),
            .room("röom"), .everybody(acceptedAs: operation, perSecond: nil),
            .everybody(acceptedAs: operation, perSecond: 50_000),
        ]
        return targets.map { HubMessage(origin: .max - 1, target: $0, message: message) }
    }

    @Test func whatIsPushedIsHeard() throws {
        for message in messages {
            let bytes = try message.encoded(bytesMax: 1 << 20)
            #expect(try HubMessage(bytes) == message)
            // Whatever is missing is an error, but for bytes of the body.
            for count in 0..<bytes.count - 4 {
                #expect(throws: ClusterError.self) { try HubMessage(bytes.slice(0..<count)) }
            }
            #expect(throws: ClusterError.self) { try message.encoded(bytesMax: bytes.count - 1) }
        }
        // As the page says.
        let bytes = try messages[2].encoded(bytesMax: 100)
        #expect(bytes.bytes.integer(as: UInt8.self, at: 8, .bigEndian) == 2)
        #expect(bytes.bytes.integer(as: UInt16.self, at: 9, .bigEndian) == 5)
        #expect(bytes.bytes.integer(as: Int32.self, at: 18, .bigEndian) == 1000)
    }

    @Test func anyBytesAreSurvived() throws {
        var random = SimulatedRandom(seed: 9)
        for round in 0..<4000 {
            let bytes = try messages[round % messages.count].encoded(bytesMax: 1 << 20)
            var broken = (0..<bytes.count).map {
                bytes.bytes.integer(as: UInt8.self, at: $0, .bigEndian) ?? 0
            }
            for _ in 0...random.next() % 3 {
                broken[Int(random.next() % UInt64(broken.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            do throws(ClusterError) {
                let message = try HubMessage(SharedBytes(copying: broken))
                #expect(try HubMessage(try message.encoded(bytesMax: 1 << 20)) == message)
            } catch {
                #expect(error.code == .corrupt)
            }
        }
    }
}
