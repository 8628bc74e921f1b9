import ZCNetWebSocket

/// Text and close frames' payloads: wherever the pieces are cut, and as a naive reader says.
struct TextTarget: FuzzTarget {
    let name = "text"
    let bytesMax = 600

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let text = FrameMaker(payloadBytesMax: 300).text(&random)
        return random.oneIn(3) ? random.pick([[3, 0xE8], [3, 0xED], [0x0B, 0xB8], [0, 0]]) + text : text
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        let expected = NaiveUTF8.verdict(input)
        var validator = UTF8Validator()
        var (validBytes, start, isValid) = (0, 0, true)
        for cut in random.cuts(of: input.count) + [input.count] where isValid {
            let piece = input[start..<cut]
            let count = unsafe withExactMemory(piece) {
                unsafe validator.validPrefix(of: UnsafeRawBufferPointer($0))
            }
            validBytes += count
            isValid = count == piece.count
            start = cut
        }
        try expect(validBytes == expected.validBytes, "\(expected.validBytes) right bytes, got \(validBytes)")
        if isValid {
            try expect(validator.isComplete == expected.isComplete, "complete: \(expected.isComplete)")
        }
        let close = try checkClose(input)
        return "\(isValid) \(expected.isComplete) \(close)"
    }

    private func checkClose(_ input: [UInt8]) throws -> String {
        let code = input.count >= 2 ? Int(input[0]) << 8 | Int(input[1]) : 0
        let isSendable =
            (1000...1003).contains(code) || (1007...1014).contains(code) || (3000...4999).contains(code)
        let reason = Array(input.dropFirst(2))
        let verdict = NaiveUTF8.verdict(reason)
        let isRight =
            input.isEmpty
            || (input.count >= 2 && input.count <= 125 && isSendable && verdict.isComplete
                && verdict.validBytes == reason.count)
        switch unsafe withExactMemory(
            input, { unsafe ClosePayload.parse(RawSpan(_unsafeBytes: UnsafeRawBufferPointer($0))) })
        {
        case .failure(let error):
            try expect(!isRight, "no error, got \(error)")
            return outline("\(error)")
        case .success(let payload):
            try expect(isRight, "an error, got \(payload)")
            let written = ClosePayload.encode(code: payload.code, reason: payload.reason)
            try expect(written == input, "the same bytes again, got \(written)")
            return "close"
        }
    }
}
