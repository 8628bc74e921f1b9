import ZCNet

/// A folder whose files are served. Any thread.
struct StaticFolder: Sendable {
    private let root: String
    /// Where it is served, without a slash at the end.
    private let base: String
    private let cacheControl: String?
    /// What a path that ends with a slash is.
    private static let index = "index.html"

    init(_ root: String, base: String, cacheControl: String?) {
        self.root = root
        self.base = base
        self.cacheControl = cacheControl
    }

    /// Checks that the folder can be opened.
    func validate() throws(ConfigurationError) {
        do throws(SystemError) {
            _ = try OpenFile(below: root, [])
        } catch {
            throw ConfigurationError(
                field: "routes.files", expected: "a folder that can be opened",
                got: "\"\(root)\": \(error.errno)")
        }
        if let cacheControl, !HTTPHeaders.isValid("Cache-Control", cacheControl) {
            throw ConfigurationError(
                field: "routes.files", expected: "a value of Cache-Control without control characters",
                got: HTTPCharacters.quoted(cacheControl))
        }
    }

    /// Answers a GET or HEAD request. Opens the file, on the calling thread.
    func answer(_ head: HTTPRequestHead) -> HTTPResponse {
        guard let path = FilePath.names(in: head.path.dropFirst(base.utf8.count + 1)) else {
            return Self.notFound
        }
        let names = path.names + (path.isFolder ? [Self.index] : [])
        let file: OpenFile
        do throws(SystemError) {
            file = try OpenFile(below: root, names)
        } catch {
            return Self.refusal(error.errno)
        }
        if file.isFolder { return path.isFolder ? Self.notFound : withSlash(head) }
        return answer(head, file, name: names.last ?? Self.index)
    }

    private func answer(_ head: HTTPRequestHead, _ file: OpenFile, name: String) -> HTTPResponse {
        let facts = FileAnswer.Facts(
            byteCount: file.byteCount, modified: file.modified, serial: file.serial)
        let answer = FileAnswer(head.headers, facts)
        var response = HTTPResponse(
            status: answer.status, headers: answer.headers(facts, type: FilePath.type(of: name)))
        if let cacheControl, answer.status < 400 { response.headers.set("Cache-Control", to: cacheControl) }
        if answer.status == 200 || answer.status == 206 {
            response.source = HTTPBodySource(
                byteCount: answer.range.count, FileBody(file: file, range: answer.range))
        }
        return response
    }

    /// A folder without the slash that the links of its index count on.
    private func withSlash(_ head: HTTPRequestHead) -> HTTPResponse {
        var response = HTTPResponse(status: 301, text: "the folder's path ends with a slash\n")
        response.headers.set("Location", to: head.path + "/" + (head.query.map { "?" + $0 } ?? ""))
        return response
    }

    private static let notFound = HTTPResponse(status: 404, text: "nothing is here\n")

    /// What is there and may not be read looks like what is not.
    private static func refusal(_ errno: Errno) -> HTTPResponse {
        switch errno {
        case .noDescriptors, .fileTableFull, .noMemory:
            HTTPResponse(status: 503, text: "too many files are open\n")
        default: notFound
        }
    }
}

/// A file on its way to a client, or a part of it. Closed with the last reference.
struct FileBody: Sendable {
    let file: OpenFile
    let range: Range<Int64>
}
