import Testing
import ZCNet
import ZCNetTesting

@testable import ZCCluster

/// What nodes say of who is there, as bytes.
@Suite struct PresenceMessageTests {
    private func entry(_ kind: PresenceEntry.Kind, _ name: String, _ note: SharedBytes) -> PresenceEntry {
        PresenceEntry(kind: kind, channel: .named("röom"), name: name, note: note, stamp: 7)
    }

    private var messages: [PresenceMessage] {
        let alice = entry(.exclusive, "alice", "away")
        let bodies: [PresenceMessage.Body] = [
            .changes(
                behind: 9, [.set(4, alice), .removed(3), .set(5, entry(.crowd, "", SharedBytes()))]),
            .beat(version: 12, stamp: .max), .ask(of: 5, behind: 6), .askEntries(of: 5, behind: 0),
            .entries(version: 3, behind: 2, to: .max, [4: alice, 9: entry(.shared, "bob", SharedBytes())]),
            .entries(version: 3, behind: 2, to: 8, [:]), .end,
        ]
        return bodies.map { PresenceMessage(incarnation: 77, name: "node-a", body: $0) }
    }

    @Test func whatIsSaidIsHeard() throws {
        for message in messages {
            let bytes = try message.encoded(bytesMax: 1 << 20)
            #expect(try PresenceMessage(bytes) == message)
            // Cut anywhere, and with something behind it, it is refused.
            for count in 0..<bytes.count {
                #expect(throws: ClusterError.self) { try PresenceMessage(bytes.slice(0..<count)) }
            }
            let longer = SharedBytes(count: bytes.count + 1) { output in
                output.append(bytes.bytes)
                output.append(0)
            }
            #expect(throws: ClusterError.self) { try PresenceMessage(longer) }
            #expect(throws: ClusterError.self) { try message.encoded(bytesMax: bytes.count - 1) }
        }
    }

    /// Whatever bytes come: an error, or a message that is the same again.
    @Test func anyBytesAreSurvived() throws {
        var random = SimulatedRandom(seed: 5)
        for round in 0..<4000 {
            let bytes = try messages[round % messages.count].encoded(bytesMax: 1 << 20)
            var broken = (0..<bytes.count).map {
                bytes.bytes.integer(as: UInt8.self, at: $0, .littleEndian) ?? 0
            }
            for _ in 0...random.next() % 3 {
                broken[Int(random.next() % UInt64(broken.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            do throws(ClusterError) {
                let message = try PresenceMessage(SharedBytes(copying: broken))
                #expect(try PresenceMessage(try message.encoded(bytesMax: 1 << 20)) == message)
            } catch {
                #expect([.corrupt, .invalid].contains(error.code))
            }
        }
    }

    /// What changed is told for a while, and then only what there is.
    @Test func changesAreForgotten() {
        var own = OwnPresence()
        for number in 1...UInt64(3 * OwnPresence.changesMax) {
            #expect(own.add(entry(.shared, "\(number)", SharedBytes())) == number)
            if number % 2 == 0 { #expect(own.remove(number) != nil) }
        }
        let version = own.version
        #expect(own.changes(behind: version) == [] && own.changes(behind: version + 1) == nil)
        #expect(own.changes(behind: version - 4096)?.count == 4096 && own.changes(behind: 0) == nil)
        var (number, found, parts): (UInt64, Set<UInt64>, Int) = (0, [], 0)
        while number != .max {
            let part = own.part(behind: number, bytesMax: 10_000)
            #expect(part.entries.keys.allSatisfy { $0 > number && $0 <= part.to })
            found.formUnion(part.entries.keys)
            number = part.to
            parts += 1
        }
        #expect(found == Set(own.entries.keys) && found.count == 3 * OwnPresence.changesMax / 2 && parts > 10)
    }
}
