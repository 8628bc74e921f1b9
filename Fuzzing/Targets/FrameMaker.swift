/// Makes frames that are mostly in order, and streams of them.
struct FrameMaker {
    var isMasked = true
    /// The largest payload of most frames.
    var payloadBytesMax = 200

    /// RFC 6455 5.2, now and then with a length of the wrong form.
    func frame(_ first: UInt8, _ payload: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
        var bytes = [first]
        let mask: UInt8 = isMasked ? 0x80 : 0
        let form =
            random.oneIn(60) ? random.below(3) : payload.count < 126 ? 0 : payload.count < 65_536 ? 1 : 2
        switch form {
        case 0: bytes.append(mask | UInt8(min(payload.count, 125)))
        case 1: bytes += [mask | 126, UInt8(payload.count >> 8 & 255), UInt8(payload.count & 255)]
        default:
            bytes.append(mask | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        guard isMasked else { return bytes + payload }
        let key = random.oneIn(4) ? [0, 0, 0, 0] : random.bytes(4)
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    /// Text, now and then not quite.
    func text(_ random: inout FuzzRandom) -> [UInt8] {
        let parts = [
            "plain words ", "é", "世界", "🙂", "\u{0}", "\u{7FF}\u{800}", "\u{FFFF}\u{10000}\u{10FFFF}",
        ]
        var bytes: [UInt8] = []
        let count = random.size(upTo: payloadBytesMax)
        while bytes.count < count { bytes += Array(random.pick(parts).utf8) }
        if random.oneIn(12) { bytes.insert(random.byte(), at: random.below(bytes.count + 1)) }
        return random.oneIn(12) ? Array(bytes.dropLast()) : bytes
    }

    /// A message in one frame or several, with control frames between them.
    func message(_ random: inout FuzzRandom) -> [UInt8] {
        let isText = random.oneIn(2)
        let payload = isText ? text(&random) : random.bytes(random.size(upTo: payloadBytesMax))
        let opcode: UInt8 = isText ? 1 : 2
        if !random.oneIn(3) { return frame(0x80 | opcode, payload, &random) }
        var bytes: [UInt8] = []
        var start = 0
        var first = opcode
        let cuts = random.cuts(of: payload.count).filter { $0 <= payload.count }.prefix(20)
        for cut in cuts where cut >= start {
            bytes += frame(first, Array(payload[start..<cut]), &random)
            if random.oneIn(4) { bytes += control(&random) }
            (first, start) = (0, cut)
        }
        return bytes + frame(0x80 | first, Array(payload[start...]), &random)
    }

    /// A ping or pong.
    func control(_ random: inout FuzzRandom) -> [UInt8] {
        frame(
            random.pick([0x89, 0x8A]), random.bytes(random.size(upTo: random.oneIn(30) ? 126 : 125)), &random)
    }

    /// A close frame, with or without a code and a reason.
    func close(_ random: inout FuzzRandom) -> [UInt8] {
        let code = random.pick([1000, 1001, 1005, 1012, 3000, 4999, 5000, 0])
        let payload: [UInt8] =
            random.oneIn(4) ? [] : [UInt8(code >> 8), UInt8(code & 255)] + Array("bye é".utf8)
        return frame(0x88, Array(payload.prefix(random.oneIn(5) ? random.below(9) : 9)), &random)
    }

    /// A stream of frames; most end with a close frame.
    func stream(_ random: inout FuzzRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<random.below(8) { bytes += random.oneIn(4) ? control(&random) : message(&random) }
        if !random.oneIn(3) { bytes += close(&random) }
        return bytes
    }
}
