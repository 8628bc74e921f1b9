import ExampleSupport
import Glibc

let usage = """
    usage: doctor [--connections N]
    Looks at the kernel, its limits and this process's, and says what to change for N connections of one
    process (by default 10000), and why. Ends with status 1 where so many cannot be had.
    """

var connections = 10_000
var rest = CommandLine.arguments.dropFirst()
while let name = rest.popFirst() {
    guard name == "--connections", let value = rest.popFirst().flatMap({ Int($0) }),
        (1...1 << 30).contains(value)
    else { fail("doctor: cannot use \(name)\n\(usage)") }
    connections = value
}

let findings = Checkup(machine: .here(), connections: connections).findings()
say("for \(connections) connections of one process:")
for finding in findings {
    say("  \(finding.verdict.rawValue) \(finding.what): \(finding.state)")
    if !finding.advice.isEmpty { say("         \(finding.advice)\n         because \(finding.why)") }
}
exit(findings.contains { $0.verdict == .short } ? 1 : 0)
