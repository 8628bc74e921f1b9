import ZCNet

@testable import ZCNetWebSocket

/// Shows a head to a parser in pieces, as a connection does: everything so far, each time.
enum HeadFeed {
    /// What the parser says at last, and how many bytes it has looked at.
    static func outcome(
        of bytes: [UInt8], _ kind: HTTPHeadParser.Kind = .request, limits: HTTPHeadLimits = HTTPHeadLimits(),
        cuts: [Int] = []
    ) -> (last: HTTPHeadParser.Outcome, scanned: Int) {
        var parser = HTTPHeadParser(kind: kind, limits: limits)
        for cut in cuts {
            _ = parser.parse(array: Array(bytes[..<cut]))
        }
        return (parser.parse(array: bytes), parser.scannedBytes)
    }

    static func outcome(
        of text: String, _ kind: HTTPHeadParser.Kind = .request, limits: HTTPHeadLimits = HTTPHeadLimits()
    ) -> HTTPHeadParser.Outcome {
        outcome(of: Array(text.utf8), kind, limits: limits).last
    }

    /// The request that a text is, or nil when it is refused or unfinished.
    static func request(_ text: String) -> HTTPRequestHead? {
        if case .request(let head, _) = outcome(of: text) { head } else { nil }
    }

    /// The response that a text is, or nil when it is refused or unfinished.
    static func response(_ text: String) -> HTTPResponseHead? {
        if case .response(let head, _) = outcome(of: text, .response) { head } else { nil }
    }

    /// The status of a refusal.
    static func refusal(
        _ text: String, _ kind: HTTPHeadParser.Kind = .request, limits: HTTPHeadLimits = HTTPHeadLimits()
    ) -> Int? {
        if case .refused(let error) = outcome(of: text, kind, limits: limits) { error.status } else { nil }
    }
}

extension HTTPHeadParser {
    /// Shows a copy that goes away afterwards.
    mutating func parse(array bytes: [UInt8]) -> Outcome {
        let shown = SharedBytes(copying: bytes)
        return parse(shown.bytes)
    }
}
