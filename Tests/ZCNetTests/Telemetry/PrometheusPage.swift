/// A strict reader of Prometheus' text format 0.0.4: what a scraper would have to guess is refused.
struct PrometheusPage {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Sample {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Family {
        let name: String
        let help: String
        let type: String
        var samples: [Sample] = []

        func owns(_ sample: String) -> Bool {
            if type != "histogram" { return sample == name }
            return ["_bucket", "_sum", "_count"].contains { sample == name + $0 }
        }
    }

    private(set) var families: [Family] = []

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Failure(description: "the last line is not ended") }
        var help: (name: String, text: String)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        {
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(
                String.init)
            if line.hasPrefix("# HELP "), words.count == 4 {
                help = (words[2], words[3])
            } else if line.hasPrefix("# TYPE "), words.count == 4 {
                guard let described = help, described.name == words[2],
                    ["counter", "gauge", "histogram"].contains(words[3]), Self.isName(words[2], colons: true),
                    !families.contains(where: { $0.name == words[2] })
                else { throw Failure(description: "bad type: \(line)") }
                families.append(Family(name: words[2], help: described.text, type: words[3]))
                help = nil
            } else {
                let sample = try Self.sample(line)
                guard help == nil, let family = families.last, family.owns(sample.name),
                    !family.samples.contains(where: { $0.name == sample.name && $0.labels == sample.labels })
                else { throw Failure(description: "sample outside its family, or twice: \(line)") }
                families[families.count - 1].samples.append(sample)
            }
        }
    }

    func family(_ name: String) -> Family? { families.first { $0.name == name } }

    private static func isName(_ name: String, colons: Bool) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
                || colons && $0 == ":"
        }
    }

    static func sample(_ line: String) throws -> Sample {
        var rest = line[...]
        let name = String(rest.prefix { $0 != "{" && $0 != " " })
        rest = rest.dropFirst(name.count)
        guard isName(name, colons: true) else { throw Failure(description: "bad name: \(line)") }
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest = rest.dropFirst()
                let label = String(rest.prefix { $0 != "=" })
                rest = rest.dropFirst(label.count)
                guard isName(label, colons: false), rest.hasPrefix("=\""), labels[label] == nil else {
                    throw Failure(description: "bad label: \(line)")
                }
                rest = rest.dropFirst(2)
                labels[label] = try value(&rest, line)
            } while rest.first == ","
            guard rest.first == "}" else { throw Failure(description: "labels not ended: \(line)") }
            rest = rest.dropFirst()
        }
        guard rest.first == " ", let value = Double(rest.dropFirst()) else {
            throw Failure(description: "bad value: \(line)")
        }
        return Sample(name: name, labels: labels, value: value)
    }

    /// A label's value up to its closing quote, which is taken as well.
    private static func value(_ rest: inout Substring, _ line: String) throws -> String {
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                switch rest.popFirst() {
                case "\\": value += "\\"
                case "\"": value += "\""
                case "n": value += "\n"
                default: throw Failure(description: "bad escape: \(line)")
                }
            default: value.append(character)
            }
        }
        throw Failure(description: "value not ended: \(line)")
    }
}
