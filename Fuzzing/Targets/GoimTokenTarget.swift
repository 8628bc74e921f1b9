import ZCNet
import ZCProto

/// What clients say of themselves: any bytes end in a token or an error, and a token that is written again is
/// the same.
struct GoimTokenTarget: FuzzTarget {
    let name = "goim-token"

    var words: [[UInt8]] {
        [
            "{", "}", "[", "]", ":", ",", "\"mid\"", "\"key\"", "\"room_id\"", "\"platform\"", "\"accepts\"",
            "null",
        ]
        .map { Array($0.utf8) } + [Array("\\ud83d\\ude00".utf8), Array("-9223372036854775808".utf8)]
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let token = GoimToken(
            mid: Int64(bitPattern: random.next()), key: random.pick(["", "k", "a\"\\\u{7}é"]),
            room: random.pick(["", "live://1"]), platform: random.pick(["web", "\u{1F600}"]),
            accepts: (0..<random.below(5)).map { _ in
                GoimOperation(rawValue: Int32(truncatingIfNeeded: random.next()))
            })
        return Array(token.json.utf8)
    }

    func check(_ input: [UInt8]) throws -> String {
        guard case .success(let token) = parse(input) else {
            guard case .failure(let error) = parse(input) else { throw Broken("the same verdict twice") }
            return outline(error.description)
        }
        let again = parse(Array(token.json.utf8))
        try expect(again == .success(token), "\(token) when it is written again, got \(again)")
        return "token \(min(token.accepts.count, 3)) \(token.key.isEmpty)"
    }

    private func parse(_ bytes: [UInt8]) -> Result<GoimToken, GoimError> {
        withExactSpan(bytes) { span in
            do throws(GoimError) {
                return .success(try GoimToken(parsing: span))
            } catch {
                return .failure(error)
            }
        }
    }
}
