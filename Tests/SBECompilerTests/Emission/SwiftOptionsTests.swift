import Testing

@testable import SBECompiler

@Suite struct SwiftOptionsTests {
    @Test func linesChooseForTheirSchema() throws {
        var options = SwiftOptions()
        let text =
            "# comment\n* values=yes\ncar.sbe.xml namespace=Cars access=internal # here\nx.xml runtime=none\n"
        try options.read(text, for: "car.sbe.xml")
        #expect(options == SwiftOptions(access: .internal, namespace: "Cars", hasValues: true))
        var other = SwiftOptions()
        try other.read(text, for: "other.xml")
        #expect(other == SwiftOptions(hasValues: true))
    }

    @Test func mistakesAreNamed() {
        let mistakes = [
            "* value=yes":
                "sbe.options:1: expected namespace, access, values, warnings, runtime or include-root, "
                + "got value",
            "\n* values=1": "sbe.options:2: expected yes or no as values, got 1",
            "* namespace=a-b": "sbe.options:1: expected a Swift name as namespace, got a-b",
            "* values": "sbe.options:1: expected name=value, got values",
        ]
        for (text, expected) in mistakes {
            var options = SwiftOptions()
            let error = #expect(throws: SwiftOptionsError.self) { try options.read(text, for: "a.xml") }
            #expect(error?.description == expected)
        }
    }
}
