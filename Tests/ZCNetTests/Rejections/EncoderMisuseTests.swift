import Testing

/// What the types of generated code refuse, in a user's module: groups and data that are left out, repeated
/// or out of order, messages that are not finished, and views that leave their bytes.
@Suite struct EncoderMisuseTests {
    private static let fixtures = CompilerFixture.all(in: "Encoders")

    @Test func thereAreFixturesOfBothKinds() {
        let compiling = Self.fixtures.count { $0.expectation == .compiles }
        #expect(compiling >= 2 && Self.fixtures.count - compiling >= 20)
    }

    @Test(arguments: EncoderMisuseTests.fixtures)
    func theCompilerAgrees(with fixture: CompilerFixture) async throws {
        try await fixture.check()
    }
}
