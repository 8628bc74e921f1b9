import Foundation

/// A message that the reference implementation made, and what it must read as.
struct GoldenVector: CustomStringConvertible, Sendable {
    let folder: String
    let name: String
    let message: String
    let bytes: [UInt8]
    let consumed: Int
    /// Whether the schema's version wrote it.
    let isCurrent: Bool
    /// The members `fields`, as canonical JSON.
    let fields: String
    /// Whether all texts are in encodings that the library itself reads.
    let hasForeignText: Bool

    var description: String { "\(folder)/\(name)" }

    init?(_ file: URL) {
        let bin = file.deletingPathExtension().appendingPathExtension("bin")
        guard let bytes = try? Data(contentsOf: bin), let json = try? Data(contentsOf: file),
            let tree = try? JSONSerialization.jsonObject(with: json) as? [String: Any],
            let message = tree["message"] as? String, let fields = tree["fields"],
            let consumed = tree["consumed"] as? Int
        else { return nil }
        folder = file.deletingLastPathComponent().lastPathComponent
        name = file.deletingPathExtension().lastPathComponent
        self.message = message
        self.bytes = [UInt8](bytes)
        self.consumed = consumed
        isCurrent = tree["encodedWithVersion"] as? Int == tree["decodeSchemaVersion"] as? Int
        hasForeignText = folder == "arrays"
        self.fields = Self.canonical(fields, withoutText: hasForeignText)
    }

    static let all: [GoldenVector] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../SBECompilerTests/Vectors").standardized
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let all = (files?.allObjects ?? []).compactMap { $0 as? URL }
        return all.filter { $0.pathExtension == "json" }.compactMap { GoldenVector($0) }
            .sorted { $0.description < $1.description }
    }()

    /// Without the decimal form of floats, and where asked without texts: what is left is what must be equal.
    static func canonical(_ tree: Any, withoutText: Bool) -> String {
        let reduced = reduce(tree, withoutText)
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed]
        guard let data = try? JSONSerialization.data(withJSONObject: reduced, options: options) else {
            return ""
        }
        return String(decoding: data, as: UTF8.self)
    }

    private static func reduce(_ tree: Any, _ withoutText: Bool) -> Any {
        if let list = tree as? [Any] { return list.map { reduce($0, withoutText) } }
        guard let object = tree as? [String: Any] else { return tree }
        if object.count == 2, let bits = object["bits"], object["value"] != nil { return bits }
        var result = object.mapValues { reduce($0, withoutText) }
        if withoutText { result["text"] = nil }
        return result
    }
}
