/// The path that a route is found by: literal segments, `{name}` for a segment that differs from request to
/// request, and `{name...}` for all that follows.
///
/// ```swift
/// RoutePattern("/rooms/{room}/notes").match("/rooms/caf%C3%A9/notes")    // ["room": "café"]
/// RoutePattern("/files/{path...}").match("/files/a/b.txt")               // ["path": "a/b.txt"]
/// ```
/// What is matched is the path as it was sent: an escape is never a slash that separates, nor a literal. The
/// values of names are without their escapes.
///
/// **Complexity.** O(path). A pattern without names compares texts.
struct RoutePattern: Hashable, Sendable, CustomStringConvertible {
    private enum Step: Hashable, Sendable {
        case literal(String)
        /// One segment, not empty.
        case name(String)
        /// All that follows, which may be nothing behind a slash.
        case rest(String)

        /// What is tried first where several patterns fit.
        var rank: Int {
            switch self {
            case .literal: 0
            case .name: 1
            case .rest: 2
            }
        }
    }

    /// As it was written.
    let description: String
    private let segments: [Step]
    /// Whether it has no names, so that it matches one path.
    private let isFixed: Bool

    init(_ path: String) {
        description = path
        segments = Self.split(path).map { part in
            guard part.hasPrefix("{"), part.hasSuffix("}"), part.count > 2 else {
                return .literal(String(part))
            }
            let name = part.dropFirst().dropLast()
            return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .name(String(name))
        }
        isFixed = segments.allSatisfy { $0.rank == 0 }
    }

    /// The names in it, first to last.
    var names: [String] {
        segments.compactMap { segment in
            switch segment {
            case .literal: nil
            case .name(let name), .rest(let name): name
            }
        }
    }

    /// What no request could reach, in the words of an error: what would be right. Nil for a right one.
    var expectation: String? {
        if !description.hasPrefix("/") || description.contains("?") || description.contains("#") {
            return "a path that begins with / and has neither ? nor #"
        }
        let isBraceless = segments.allSatisfy { segment in
            if case .literal(let text) = segment { return !text.contains("{") && !text.contains("}") }
            return true
        }
        if !isBraceless { return "braces around whole segments, as in /rooms/{room}" }
        let names = names
        if Set(names).count < names.count || names.contains("") { return "names that differ in braces" }
        let isRestLast = segments.dropLast().allSatisfy { $0.rank < 2 }
        return isRestLast ? nil : "{name...} as the last segment"
    }

    /// Patterns of one shape match the same paths, whatever their names are.
    var shape: String {
        segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .name: "{}"
            case .rest: "{...}"
            }
        }.joined(separator: "/")
    }

    /// Whether this pattern is to be tried first where both match: literals go before names, and those before
    /// the rest, and longer patterns before shorter ones.
    func precedes(_ other: RoutePattern) -> Bool {
        for (own, others) in zip(segments, other.segments) where own.rank != others.rank {
            return own.rank < others.rank
        }
        return segments.count > other.segments.count
    }

    /// The same for the path of a request, of which a text is made only where there are names.
    func match(_ head: HTTPRequestHead) -> [String: String]? {
        if isFixed { return head.isPath(description) ? [:] : nil }
        return match(head.path)
    }

    /// What the names stand for in a path; nil where it does not match, or where an escape in a value is
    /// broken.
    func match(_ path: String) -> [String: String]? {
        if isFixed { return path == description ? [:] : nil }
        let parts = Self.split(path)
        var values: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            guard index < parts.count else { return nil }
            switch segment {
            case .literal(let text): if parts[index] != text { return nil }
            case .name(let name):
                guard let value = PercentEncoding.decode(parts[index]), !value.isEmpty else { return nil }
                values[name] = value
            case .rest(let name):
                guard let value = Self.decoded(parts[index...]) else { return nil }
                values[name] = value
                return values
            }
        }
        return parts.count == segments.count ? values : nil
    }

    /// Segments without their escapes; nil where one of them would become several.
    private static func decoded(_ parts: ArraySlice<Substring>) -> String? {
        var decoded: [String] = []
        for part in parts {
            guard let text = PercentEncoding.decode(part), !text.utf8.contains(UInt8(ascii: "/")) else {
                return nil
            }
            decoded.append(text)
        }
        return decoded.joined(separator: "/")
    }

    private static func split(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }
}
