// expect: escapes its scope
import ZCProto

func keep(_ link: GoimLink) async throws {
    var kept: LentProto?
    _ = try await link.receive { proto in kept = proto }
    print(kept?.text ?? "")
}
