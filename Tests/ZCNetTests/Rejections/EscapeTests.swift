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
        try await fixture.check()
    }
}
