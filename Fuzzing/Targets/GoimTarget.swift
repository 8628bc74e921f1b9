import ZCNet
import ZCProto

/// Streams of protos, single ones and batches: the same in one piece and in any pieces, and as a naive reader
/// says; what was read is what is written.
struct GoimTarget: FuzzTarget {
    let name = "goim"
    let bytesMax = 8192
    private static let bodyBytesMax = 300

    var words: [[UInt8]] {
        [[0, 16], [0, 32], [0, 0, 0, 16], [0, 0, 1, 60], [255, 255, 255, 255], [0, 0, 0, 9]]
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let format: GoimHeaderFormat = random.oneIn(3) ? .extended : .plain
        var bytes: [UInt8] = [format == .plain ? 0 : 1]
        for _ in 0..<random.below(6) {
            let header = GoimHeader(
                GoimOperation(rawValue: Int32(truncatingIfNeeded: random.next())),
                sequence: Int32(truncatingIfNeeded: random.next()),
                version: Int16(truncatingIfNeeded: random.next()), roomID: Int64(bitPattern: random.next()),
                userID: Int64(bitPattern: random.next()))
            let body = random.bytes(random.size(upTo: Self.bodyBytesMax + (random.oneIn(20) ? 1 : 0)))
            bytes += array(GoimMessage(header, body: SharedBytes(copying: body)).encoded(format))
        }
        return bytes
    }

    func check(_ input: [UInt8]) throws -> String {
        guard let first = input.first else { return "empty" }
        let format: GoimHeaderFormat = first & 1 == 0 ? .plain : .extended
        let bytes = Array(input.dropFirst())
        let decoder = GoimDecoder(format, bodyBytesMax: Self.bodyBytesMax)
        var random = FuzzRandom(of: input)
        let whole = decode(bytes, decoder)
        try checkNaively(bytes, decoder, whole)
        try checkWritten(bytes, decoder, whole)
        for cut in random.cuts(of: bytes.count) {
            // What is shown of a part is what the whole begins with, and an error stays one.
            let part = decode(Array(bytes[..<cut]), decoder)
            try expect(
                whole.protos.starts(with: part.protos), "the same protos when cut at \(cut), got \(part)")
            if let error = part.error {
                try expect(whole.error == error, "the same error when cut at \(cut): \(error)")
            }
        }
        try checkSingle(bytes, decoder, whole)
        return "\(format) \(min(whole.protos.count, 3)) \(outline(whole.error?.description ?? "fine"))"
    }

    private struct Outcome {
        var protos: [NaiveGoim] = []
        var position = 0
        var error: GoimError?
    }

    private func decode(_ bytes: [UInt8], _ decoder: GoimDecoder) -> Outcome {
        withExactSpan(bytes) { span in
            let chunk = ReceivedChunk(span)
            var outcome = Outcome()
            do throws(GoimError) {
                while let proto = try decoder.next(in: chunk, at: &outcome.position) {
                    outcome.protos.append(Self.naive(proto, decoder.format))
                }
            } catch {
                outcome.error = error
            }
            return outcome
        }
    }

    private static func naive(_ proto: borrowing GoimProto, _ format: GoimHeaderFormat) -> NaiveGoim {
        let header = proto.header
        var fields = [Int64(header.version), Int64(header.operation.rawValue), Int64(header.sequence)]
        if format == .extended { fields += [header.roomID, header.userID] }
        return NaiveGoim(fields: fields, body: (0..<proto.body.count).map { proto.body.span[$0] })
    }

    private func checkNaively(_ bytes: [UInt8], _ decoder: GoimDecoder, _ whole: Outcome) throws {
        var position = 0
        for proto in whole.protos {
            let reading = read(bytes, position, decoder)
            guard case .proto(proto, let count) = reading else {
                throw Broken("\(reading) at \(position), as the naive reader says, got \(proto)")
            }
            position += count
        }
        try expect(position == whole.position, "the position \(position), got \(whole.position)")
        let expected: NaiveGoim.Reading = whole.error == nil ? .incomplete : .broken
        try expect(read(bytes, position, decoder) == expected, "\(expected) behind the last, at \(position)")
    }

    private func read(_ bytes: [UInt8], _ position: Int, _ decoder: GoimDecoder) -> NaiveGoim.Reading {
        NaiveGoim.read(
            bytes, at: position, headerBytes: decoder.format.headerBytes, bodyBytesMax: decoder.bodyBytesMax)
    }

    private func checkWritten(_ bytes: [UInt8], _ decoder: GoimDecoder, _ whole: Outcome) throws {
        var written: [UInt8] = []
        for proto in whole.protos {
            var header = GoimHeader(
                GoimOperation(rawValue: Int32(proto.fields[1])), sequence: Int32(proto.fields[2]),
                version: Int16(proto.fields[0]))
            if proto.fields.count > 3 { (header.roomID, header.userID) = (proto.fields[3], proto.fields[4]) }
            let message = GoimMessage(header, body: SharedBytes(copying: proto.body))
            written += array(message.encoded(decoder.format))
        }
        try expect(written == Array(bytes[..<whole.position]), "the bytes that were read when written again")
    }

    /// The bytes as one WebSocket message, and as the body of a batch.
    private func checkSingle(_ bytes: [UInt8], _ decoder: GoimDecoder, _ whole: Outcome) throws {
        let isSingle = whole.protos.count == 1 && whole.position == bytes.count
        let isBatch = whole.position == bytes.count
        try withExactSpan(bytes) { span in
            let chunk = ReceivedChunk(span)
            var single: NaiveGoim?
            do throws(GoimError) {
                let proto = try decoder.whole(chunk)
                single = Self.naive(proto, decoder.format)
            } catch {
                try expect(!isSingle, "one proto to be taken, got \(error)")
            }
            if let single {
                try expect(isSingle && single == whole.protos.first, "nothing but one proto, got \(single)")
            }
            var batch = GoimBatch(chunk, decoder)
            var count = 0
            var isTaken = true
            do throws(GoimError) {
                while let proto = try batch.next() { count += proto.body.count < 0 ? 0 : 1 }
            } catch {
                isTaken = false
            }
            try expect(isTaken == isBatch, "a batch to be a row of whole protos, and nothing else")
            try expect(count == whole.protos.count, "\(whole.protos.count) protos in it, got \(count)")
        }
    }

    private func array(_ bytes: SharedBytes) -> [UInt8] { (0..<bytes.count).map { bytes[$0] } }
}
