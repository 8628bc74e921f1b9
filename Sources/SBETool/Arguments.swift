/// A command's arguments: plain ones in order, options with their values.
struct Arguments {
    private(set) var plain: [String] = []
    private var values: [String: String] = [:]

    init(_ arguments: [String], options: Set<String>) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                plain.append(argument)
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard options.contains(parts[0]) else {
                throw CommandFailure.usage("expected no option \(parts[0]); `zcsbe --help` lists them")
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                throw CommandFailure.usage("expected a value behind \(parts[0]), got none")
            }
            guard values.updateValue(value, forKey: parts[0]) == nil else {
                throw CommandFailure.usage("expected \(parts[0]) once")
            }
        }
    }

    /// The value of an option, nil where it was not given.
    func value(of option: String) -> String? { values[option] }

    /// Notes that exactly these plain arguments are needed.
    func require(_ names: String...) throws {
        guard plain.count == names.count else {
            throw CommandFailure.usage(
                "expected \(names.joined(separator: " ")), got \(plain.count) of them")
        }
    }
}
