import Testing

/// A callback whose connection is of another type than the protocol's is refused: it would never be called.
@Suite struct CallbackTests {
    private static let fixtures = CompilerFixture.all(in: "Callbacks")

    @Test func thereAreFixturesOfBothKinds() {
        let compiling = Self.fixtures.count { $0.expectation == .compiles }
        #expect(compiling >= 1 && Self.fixtures.count - compiling >= 7)
    }

    @Test(arguments: CallbackTests.fixtures)
    func theCompilerAgrees(with fixture: CompilerFixture) async throws {
        try await fixture.check()
    }
}
