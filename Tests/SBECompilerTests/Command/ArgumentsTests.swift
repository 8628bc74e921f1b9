import Testing

@testable import zcsbe

struct ArgumentsTests {
    @Test func optionsMayStandAnywhere() throws {
        let arguments = try Arguments(["a", "--output", "b", "c"], options: ["--output"])
        #expect(arguments.plain == ["a", "c"] && arguments.value(of: "--output") == "b")
        #expect(try Arguments(["--output=x=y"], options: ["--output"]).value(of: "--output") == "x=y")
        try arguments.require("A", "B")
    }

    @Test(arguments: [["--nope"], ["--output"], ["--output", "a", "--output", "b"]])
    func refuses(_ arguments: [String]) {
        #expect(throws: CommandFailure.self) { try Arguments(arguments, options: ["--output"]) }
    }

    @Test func everyCommandIsExplained() {
        for command in Command.allCases { #expect(Usage.text.contains("zcsbe \(command.rawValue) ")) }
    }
}
