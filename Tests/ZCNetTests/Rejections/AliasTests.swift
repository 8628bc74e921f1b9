import Testing

/// The library's second promise: what is lent to be changed is lent once. No two ways lead to the same state
/// or slot at a time, in a user's module, without any flag there.
@Suite struct AliasTests {
    private static let fixtures = CompilerFixture.all(in: "Aliases")

    @Test func thereAreFixturesOfBothKinds() {
        let compiling = Self.fixtures.count { $0.expectation == .compiles }
        #expect(compiling >= 1 && Self.fixtures.count - compiling >= 20)
    }

    @Test(arguments: AliasTests.fixtures) func theCompilerAgrees(with fixture: CompilerFixture) async throws {
        try await fixture.check()
    }
}
