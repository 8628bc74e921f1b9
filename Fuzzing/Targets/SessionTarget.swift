import ZCNet
import ZCNetWebSocket

/// The receiving half of the protocol: the same events in one piece and in any pieces, and the events that a
/// naive receiver works out from the whole stream; work and memory within bounds.
struct SessionTarget: FuzzTarget {
    let name = "session"
    let bytesMax = 8192

    var words: [[UInt8]] {
        [
            [0x81, 0x80, 0, 0, 0, 0], [0x01, 0x80, 0, 0, 0, 0], [0x80, 0x80, 0, 0, 0, 0], [0x89, 0],
            [0x88, 0x80, 1, 2, 3, 4],
            [0x82, 0xFE, 0, 126], [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0], [0xF0, 0x9F, 0x99, 0x82],
            [0xED, 0xA0, 0x80],
        ]
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let maker = FrameMaker(
            isMasked: !random.oneIn(4), payloadBytesMax: random.oneIn(6) ? 3000 : random.oneIn(4) ? 3 : 200)
        return Array(maker.stream(&random).prefix(bytesMax))
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        var naive = NaiveSession()
        // A server reads what is masked; the first frame tells which side most is for.
        naive.isClient = input.count > 1 && input[1] & 0x80 == 0
        naive.deliversFragments = random.oneIn(4)
        if random.oneIn(3) {
            (naive.messageBytesMax, naive.frameBytesMax) = (random.pick([1, 125, 300]), 200)
        }
        let expected = naive.events(of: input)
        var whole = SessionRun(naive)
        try whole.feed(input)
        try expect(whole.events == expected, "\(expected), as the naive receiver says, got \(whole.events)")
        var split = SessionRun(naive)
        let cuts = random.cuts(of: input.count)
        var start = 0
        for cut in cuts + [input.count] {
            try split.feed(Array(input[start..<cut]))
            start = cut
        }
        try expect(
            NaiveSession.seamless(split.events) == NaiveSession.seamless(expected),
            "the same in pieces, cut at \(cuts): \(expected), got \(split.events)")
        // A step for each event, and two per piece: for the part of a frame that ends it, and to find that
        // there is no more.
        try expect(
            split.steps <= expected.count + 2 * cuts.count + 2, "a step per event, got \(split.steps)")
        return expected.map { event in
            switch event {
            case .text: "t"
            case .binary: "b"
            case .fragment(_, let isText, let isFirst, let isFinal): "f\(isText)\(isFirst)\(isFinal)"
            case .ping: "i"
            case .pong: "o"
            case .close: "c"
            case .failed(let code): "\(code)"
            }
        }.joined() + (naive.isClient ? "C" : "S")
    }
}

/// Feeds a session as a connection does: what is left of an unfinished frame comes again, in front of what
/// follows.
struct SessionRun {
    private var session: WebSocketSession
    private let core: WebSocketCore
    private var unread: [UInt8] = []
    private let bytesMax: Int
    private(set) var events: [NaiveSession.Event] = []
    private(set) var steps = 0

    init(_ naive: NaiveSession) {
        var options = WebSocketOptions()
        options.messageBytesMax = naive.messageBytesMax
        options.frameBytesMax = naive.frameBytesMax
        options.deliversFragments = naive.deliversFragments
        session = WebSocketSession(isClient: naive.isClient)
        core = WebSocketCore(options)
        bytesMax = naive.deliversFragments ? naive.frameBytesMax : naive.messageBytesMax
    }

    private var isOver: Bool {
        switch events.last {
        case .close, .failed: true
        default: false
        }
    }

    mutating func feed(_ bytes: [UInt8]) throws {
        if isOver { return }
        let all = unread + bytes
        unread = try unsafe withExactMemory(all) { memory in
            var position = 0
            while true {
                steps += 1
                let before = position
                let step = unsafe session.next(memory, at: &position, core)
                try expect(
                    position >= before && position <= all.count, "a place within the bytes, got \(position)")
                if step.kind == .incomplete { break }
                let payload = unsafe step.bytes.withUnsafeBytes { unsafe Array($0) }
                let isData = [.text, .binary, .fragment].contains(step.kind)
                try expect(
                    payload.count <= (isData ? bytesMax : 125),
                    "a payload within its limit, got \(payload.count)")
                events.append(event(step, payload))
                if step.isGathered { session.extra?.releaseMessage() }
                if isOver { break }
            }
            return unsafe Array(memory[position...])
        }
    }

    private func event(_ step: FrameStep, _ payload: [UInt8]) -> NaiveSession.Event {
        switch step.kind {
        case .text: .text(payload)
        case .binary: .binary(payload)
        case .ping: .ping(payload)
        case .pong: .pong(payload)
        case .close: .close(payload)
        case .fragment: .fragment(payload, isText: step.isText, isFirst: step.isFirst, isFinal: step.isFinal)
        case .failed, .incomplete: .failed(session.extra?.error?.code.rawValue ?? 0)
        }
    }
}
