import Foundation
import Testing

@testable import ZCGoim

/// The loop's end of a connection's ring.
@Suite struct GoimRingTests {
    /// The consumer's word that there is space may be about an earlier moment, and find the ring full.
    @Test(arguments: [DriverChoice.automatic, .epoll])
    func aWordThatComesTooLateLosesNothing(_ driver: DriverChoice) async throws {
        var options = GoimOptions()
        options.mode = .consumer(slots: 4)
        let gate = Shared(false)
        let found = Shared<[Int32]>([])
        let remote = Shared<GoimRemote?>(nil)
        var deeds = GoimSite.Deeds()
        deeds.consumer = { consumer in
            remote.update { [known = consumer.remote] in $0 = known }
            let handed = Handed(consumer)
            Thread {
                guard var consumer = handed.take() else { return }
                _ = gate.wait { $0 }
                while consumer.ready() == .ready {
                    while consumer.get({ proto in
                        let sequence = proto.sequence
                        found.update { $0.append(sequence) }
                    }) {
                        consumer.getAdvance()
                    }
                }
            }.start()
        }
        try await visit(driver: driver, options, deeds) { site in
            let person = try site.member(.tcp, key: "k")
            for number in 0..<200 { try person.send(NaiveProto(1000, Int32(number))) }
            #expect(eventually { site.hub.snapshot()[.ringPauses] > 0 })
            let handle = try #require(remote.now).handle
            for _ in 0..<3 {
                let isDone = Shared(false)
                _ = handle.perform(isControl: true) { $0.resumeReading() }
                // Behind what a turn that reads would do.
                for _ in 0..<3 { _ = handle.perform(isControl: true) { _ in } }
                _ = handle.perform(isControl: true) { _ in isDone.update { $0 = true } }
                #expect(isDone.wait { $0 })
            }
            gate.update { $0 = true }
            #expect(found.wait { $0.count >= 200 })
            #expect(found.now == (0..<200).map { Int32($0) })
            #expect(site.journal.now.closeCount == 0)
        }
    }
}
