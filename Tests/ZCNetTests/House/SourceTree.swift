import Foundation

/// The repository's own files, for tests that keep its habits.
struct SourceTree {
    struct File {
        /// The path below the repository's root.
        let path: String
        let lines: [String]

        /// The code without comments and the contents of string literals, line by line.
        var code: [String] { lines.map(SourceTree.stripped) }
        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Files below a folder with an extension, in order.
    static func files(below folder: String, _ fileExtension: String = "swift") -> [File] {
        let base = root.appendingPathComponent(folder)
        // Packages among the examples have build folders of their own.
        let found = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        let names = found.filter { !$0.contains(".build/") }
        return names.filter { $0.hasSuffix("." + fileExtension) }.sorted().compactMap { name in
            guard let text = try? String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
            else {
                return nil
            }
            return File(path: folder + "/" + name, lines: text.components(separatedBy: "\n"))
        }
    }

    /// A line's code: what stands before a comment, with string literals emptied.
    static func stripped(_ line: String) -> String {
        var result = ""
        var isInString = false
        var previous: Character = " "
        for character in line {
            if character == "\"" && previous != "\\" {
                isInString.toggle()
            } else if !isInString {
                if character == "/" && previous == "/" { return String(result.dropLast()) }
                result.append(character)
            }
            previous = character
        }
        return result
    }
}
