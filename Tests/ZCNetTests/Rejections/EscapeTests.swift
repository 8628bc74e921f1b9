import Testing

/// The library's first promise: borrowed bytes cannot escape, in a user's module, without any flag there.
@Suite struct EscapeTests {
    private static let fixtures = CompilerFixture.all(in: "Escapes")

    @Test func thereAreFixturesOfBothKinds() {
        let compiling = Self.fixtures.count { $0.expectation == .compiles }
        #expect(compiling >= 5 && Self.fixtures.count - compiling >= 30)
    }

    @Test(arguments: EscapeTests.fixtures) func theCompilerAgrees(with fixture: CompilerFixture) async throws
    {
        let outcome = try await Compiler().compile(fixture.path)
        switch fixture.expectation {
        case .compiles:
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(!outcome.output.contains("warning:"), "\(outcome.output)")
        case .rejected(let text):
            #expect(outcome.status == 1, "\(fixture.name) ended with \(outcome.status): \(outcome.output)")
            let errors = outcome.output.split(separator: "\n").filter { $0.contains("error: ") }
            #expect(errors.contains { $0.contains(text) }, "\(outcome.output)")
        }
    }
}
