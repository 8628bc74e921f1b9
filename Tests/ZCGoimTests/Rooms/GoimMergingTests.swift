import Testing
import ZCGoim

/// Pushes to a room in batches, in both transports' shapes.
@Suite struct GoimMergingTests {
    private func message(_ number: Int) -> GoimMessage {
        GoimMessage(GoimOperation(rawValue: 1000), "m\(number)")
    }

    @Test func twentyAreOneBatch() async throws {
        var options = GoimOptions()
        options.merging = GoimMerging(count: 20, delay: .seconds(3600))
        try await visit(loops: 2, options) { site in
            let stream = try site.member(.tcp, room: "r://1")
            let framed = try site.member(.webSocket, room: "r://1")
            for number in 0..<40 { site.hub.push(message(number), toRoom: "r://1") }
            let expected = (0..<40).map { NaiveProto(1000, 0, "m\($0)") }
            // In a stream: the protos, and nothing around them.
            for proto in expected { #expect(try stream.expect() == proto) }
            // In frames: a proto of its own around each batch.
            for start in [0, 20] {
                let batch = try framed.expect()
                #expect(batch.operation == 9 && batch.version == 1)
                #expect(NaiveProto.readAll(batch.body) == Array(expected[start..<(start + 20)]))
            }
            #expect(try framed.heartbeat() == 2)
            #expect(try stream.heartbeat() == 2)
            let figures = site.hub.snapshot()
            #expect(figures[.delivered] == 80 && figures[.batches] == 4)
        }
    }

    @Test func theDelayEndsABatch() async throws {
        var options = GoimOptions()
        options.merging = GoimMerging(count: 20, delay: .milliseconds(30))
        try await visit(options) { site in
            let framed = try site.member(.webSocket, room: "r://1")
            for round in 0..<3 {
                for number in 0..<3 { site.hub.push(message(round * 3 + number), toRoom: "r://1") }
                var found: [NaiveProto] = []
                // A slow machine may end a batch sooner; nothing is lost or reordered for that.
                while found.count < 3 {
                    let batch = try framed.expect()
                    #expect(batch.operation == 9)
                    found += NaiveProto.readAll(batch.body) ?? []
                }
                #expect(found.map(\.text) == (0..<3).map { "m\(round * 3 + $0)" })
            }
        }
    }

    @Test func bytesEndABatch() async throws {
        var options = GoimOptions()
        options.merging = GoimMerging(count: 1000, delay: .seconds(3600), bytes: 64)
        try await visit(options) { site in
            let framed = try site.member(.webSocket, room: "r://1")
            for number in 0..<8 { site.hub.push(message(number), toRoom: "r://1") }
            for _ in 0..<2 { #expect(NaiveProto.readAll(try framed.expect().body)?.count == 4) }
        }
    }

    @Test func bothHeadersGetTheirOwn() async throws {
        var options = GoimOptions()
        options.headers = .detected
        options.merging = GoimMerging(count: 2, delay: .seconds(3600))
        try await visit(options) { site in
            for transport in Transport.allCases {
                let people = try GoimHeaderFormat.allCases.map { format in
                    let person = try site.person(transport, format: format)
                    try person.authenticate(room: "r://\(transport)")
                    return person
                }
                for number in 0..<2 { site.hub.push(message(number), toRoom: "r://\(transport)") }
                for person in people {
                    let texts: [String]?
                    if transport == .tcp {
                        texts = [try person.expect().text, try person.expect().text]
                    } else {
                        texts = NaiveProto.readAll(try person.expect().body, person.format)?.map(\.text)
                    }
                    #expect(texts == ["m0", "m1"])
                }
            }
        }
    }
}
