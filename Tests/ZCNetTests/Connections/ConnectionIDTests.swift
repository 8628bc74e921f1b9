import Testing

@testable import ZCNet

/// Ids name one connection of the whole process, for as long as anybody may remember them.
@Suite struct ConnectionIDTests {
    /// A server and a client with groups of their own used to give the same id to their first connections, so
    /// that bytes for one reached the other.
    @Test func anIDOfAnotherGroupFindsNothing() async throws {
        let site = try await onThread { try Site() }
        let heard = Monitor<[UInt8]>([])
        let journal = Monitor(Journal())
        let client = try TCPClient {
            var handler = SiteHandler(journal)
            handler.received = { data, _ in
                let bytes = [UInt8](copying: data.bytes)
                heard.update { $0 += bytes }
            }
            return handler
        }
        try client.start()
        let ours = try await client.connect(to: site.server.address.description)
        try await onThread {
            let theirs = try site.remote()
            #expect(ours.id != theirs.id && ours != theirs)
            let (here, there) = (client.group, site.server.group)
            #expect(here.loop(of: theirs.id) == nil && there.loop(of: ours.id) == nil)
            #expect(here.loop(of: ours.id) === here.loops[0] && here.loops[0].owns(ours.id))

            let results = Monitor<[SendResult]>([])
            for (group, id) in [(here, theirs.id), (there, ours.id)] {
                group.loops[0].post { context in
                    let result = context.send(SharedBytes("wrong"), to: id)
                    context.close(id)
                    results.update { $0.append(result) }
                }
            }
            #expect(results.wait { $0 == [.closed, .closed] })
            // Handles that were put together of both, as a mix-up in an application might.
            let mixed = RemoteConnection(id: theirs.id, siblings: here.siblings)
            #expect(mixed.send(SharedBytes("wrong")) == .stopped)
            mixed.close()

            theirs.send(SharedBytes("right"))
            #expect(heard.wait { $0 == Array("right".utf8) })
            #expect(site.journal.value.causes.isEmpty && journal.value.causes.isEmpty)
            client.shutdown(grace: .milliseconds(200))
            client.wait()
            site.finish()
        }
    }

    @Test func groupsOneAfterTheOtherShareNoID() async throws {
        try await onThread {
            var ids: Set<ConnectionID> = []
            for _ in 0..<10 {
                let site = try Site()
                let client = try site.connect()
                ids.insert(try site.remote().id)
                client.close()
                _ = try site.causes()
                site.finish()
            }
            #expect(ids.count == 10)
        }
    }

    @Test func thePartsOfAnID() {
        let id = ConnectionID(
            generation: ConnectionID.generationMax, loop: 0xFFFF, slot: UInt32(ConnectionID.slotsMax) - 1)
        #expect(id.generation == 0x1FF_FFFF && id.loopNumber == 0xFFFF && id.slot == 0x3F_FFFF)
        #expect(!id.token.isListener && id.token.place == id.slot && ConnectionID(id.token) == id)
        #expect(id.description == "65535/4194303#33554431")
        let payload = TimerPayload(id, tag: 199)
        #expect(payload.tag == 199 && payload.connectionID(loop: 0xFFFF) == id)
        let other = TimerPayload(.listenerRetry, number: .max)
        #expect(other.tag == TimerPayload.Tag.listenerRetry.rawValue && other.number == .max)
    }

    @Test func aSlotRestsBeforeItIsUsedAgain() throws {
        var table = ConnectionTable(loop: 3)
        var lastUse: [Int: Int] = [:]
        var open: [LoopOwned<ConnectionSlot>] = []
        var random = SystemRandomNumberGenerator()
        for turn in 0..<20_000 {
            if !open.isEmpty && (open.count > 600 || Bool.random(using: &random)) {
                let index = Int.random(in: 0..<open.count, using: &random)
                open.swapAt(index, open.count - 1)
                if let slot = open.popLast() { table.remove(slot) }
                continue
            }
            guard let slot = table.insert() else {
                Issue.record("full")
                return
            }
            open.append(slot)
            if let last = lastUse[slot[].id.slot] {
                #expect(turn - last > ConnectionTable.restingMin)
            }
            lastUse[slot[].id.slot] = turn
        }
        #expect(table.count == open.count)
        let found = open.allSatisfy { table.find($0[].id) != nil }
        #expect(found)
    }

    /// What a role kept of connections goes when they have all gone on; one page stays for the next.
    @Test func pagesOfStatesAreGivenBack() {
        let states = StateStore<UInt64>()
        let ids = (0..<1024).map { ConnectionID(generation: 1, loop: 0, slot: $0) }
        func pages() -> [Int] {
            (0..<states.directory[].pageCount).filter { unsafe states.directory[].pages[$0] != nil }
        }
        func hasSpare() -> Bool { unsafe states.directory[].spare != nil }
        for id in ids {
            states.reserve(id)
            states.fill(id, UInt64(id.slot))
        }
        #expect(pages() == [0, 1, 2, 3] && !hasSpare())
        for id in ids[256...] where id.slot != 700 {
            states.empty(id)
            states.leave(id)
        }
        #expect(pages() == [0, 2] && hasSpare())
        #expect(states.place(of: ids[700])[] == 700 && states.place(of: ids[255])[] == 255)
        states.reserve(ids[1000])
        #expect(pages() == [0, 2, 3] && !hasSpare(), "the spare page is used again")
    }

    @Test(arguments: [1, 5, ConnectionID.generationMax - 2, ConnectionID.generationMax])
    func aTableGoesOnBehindTheGenerationsOfTheOneBefore(first: UInt32) throws {
        var ids: Set<ConnectionID> = []
        var generation = first
        var count = 0
        for round in 1...4 {
            var table = ConnectionTable(loop: 0, firstGeneration: generation)
            for _ in 0..<(round * 300) {
                guard let slot = table.insert() else { continue }
                #expect(slot[].id.rawValue != 0 && slot[].id.generation >= 1)
                ids.insert(slot[].id)
                count += 1
                if count % 7 != 0 { table.remove(slot) }
            }
            generation = table.nextGeneration
        }
        #expect(ids.count == count)
        #expect(generation >= 1 && generation <= ConnectionID.generationMax)
    }
}
