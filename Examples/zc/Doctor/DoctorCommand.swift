import ExampleSupport
import Glibc

/// Looks at the machine, and says what it lacks.
struct DoctorCommand {
    private var connections = 10_000

    private static let usage = """
        usage: zc doctor [--connections N]
        Looks at the kernel, its limits and this process's, and says what to change for N connections of one
        process (by default 10000), and why. Ends with status 1 where so many cannot be had.
        """

    init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard name == "--connections", let value = rest.popFirst().flatMap({ Int($0) }),
                (1...1 << 30).contains(value)
            else { refuse(name, of: "doctor", Self.usage) }
            connections = value
        }
    }

    func run() {
        let findings = Checkup(machine: .here(), connections: connections).findings()
        say("for \(connections) connections of one process:")
        for finding in findings {
            say("  \(finding.verdict.rawValue) \(finding.what): \(finding.state)")
            if !finding.advice.isEmpty { say("         \(finding.advice)\n         because \(finding.why)") }
        }
        if findings.contains(where: { $0.verdict == .short }) { exit(1) }
    }
}
