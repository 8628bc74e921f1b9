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

/// What `zcsbe --help` prints.
enum Usage {
    static let text = """
        zcsbe: a compiler of schemas of Simple Binary Encoding (SBE 1.0)

        zcsbe generate schema.xml --output DIR
            Writes the Swift of a schema; car.sbe.xml becomes car.sbe.swift. DIR may be -, the standard
            output.
            --namespace NAME    an enumeration that all types stand in (none)
            --access ACCESS     public, package or internal (public)
            --values yes        a value twin of each message, for tests and tools (no)
            --warnings no       keeps the warnings of the schema to itself (yes)
            --runtime MODULE    the module to import, or none (ZCSBE)
            --options FILE      such choices by line: car.sbe.xml namespace=Cars values=yes
            --include-root DIR  see below
        zcsbe check schema.xml
            Reports all problems of a schema in one run, each as `file:line: error: element: expected …,
            got …` (or `warning:` for what does not refuse the schema).
        zcsbe describe schema.xml
            Prints messages, offsets and sizes as tables.
        zcsbe decode schema.xml FILE
            Prints the binary message that FILE begins with as one JSON object: message, templateId, header,
            consumed (the octets of the message, which may be less than the file's), absent (paths of elements
            newer than the message) and fields.
        zcsbe encode schema.xml FILE.json --output FILE.bin
            Writes the message of such an object. Members of the header that are missing come from the schema.
            A message of a newer version is written as one of the schema's, and a line says so.

        What a schema includes must be regular files below its own folder, symbolic links resolved; each
        command takes --include-root DIR to have them below another.

        FILE may be - for a standard stream. Results go to the standard output, problems to the standard
        error. Exit status: 0 done; 1 the schema or the message was refused; 2 a wrong command line, or a
        file that could not be read or written.

        """
}
