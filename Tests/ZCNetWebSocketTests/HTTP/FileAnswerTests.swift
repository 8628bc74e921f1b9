import Testing

@testable import ZCNetWebSocket

@Suite struct FileAnswerTests {
    static let facts = FileAnswer.Facts(byteCount: 100, modified: (784_111_777, 5), serial: 9)

    @Test(arguments: [
        ("bytes=0-9", 206, 0..<10), ("bytes=90-", 206, 90..<100), ("bytes=-10", 206, 90..<100),
        ("bytes=-1000", 206, 0..<100), ("bytes=0-1000", 206, 0..<100), ("bytes=99-99", 206, 99..<100),
        ("BYTES= 5-6 ", 206, 5..<7),
        ("bytes=100-", 416, 0..<0), ("bytes=-0", 416, 0..<0), ("bytes=99999999999999999999-", 416, 0..<0),
        ("bytes=9-0", 200, 0..<100), ("bytes=-", 200, 0..<100), ("bytes=", 200, 0..<100),
        ("bytes=0-1,5-6", 200, 0..<100), ("lines=0-1", 200, 0..<100), ("bytes=0x1-2", 200, 0..<100),
        ("bytes=--1", 200, 0..<100), ("bytes=+1-2", 200, 0..<100), ("0-1", 200, 0..<100),
    ])
    func ranges(text: String, status: Int, range: Range<Int64>) {
        let answer = FileAnswer(["Range": text], Self.facts)
        #expect(answer.status == status && answer.range == range)
    }

    @Test func anEmptyFileHasNoRange() {
        let empty = FileAnswer.Facts(byteCount: 0, modified: (0, 0), serial: 1)
        #expect(FileAnswer([:], empty).status == 200)
        #expect(FileAnswer(["Range": "bytes=0-0"], empty).status == 416)
        #expect(FileAnswer(["Range": "bytes=-5"], empty).status == 416)
    }

    @Test func conditions() {
        let (tag, date) = (Self.facts.tag, Self.facts.date)
        #expect(date == "Sun, 06 Nov 1994 08:49:37 GMT")
        func status(_ headers: HTTPHeaders) -> Int { FileAnswer(headers, Self.facts).status }
        #expect(status(["If-None-Match": tag]) == 304)
        #expect(status(["If-None-Match": "\"other\", W/\(tag)"]) == 304)
        #expect(status(["If-None-Match": "*"]) == 304)
        #expect(status(["If-None-Match": "\"other\""]) == 200)
        // The tag goes before the date.
        #expect(status(["If-None-Match": "\"other\"", "If-Modified-Since": date]) == 200)
        #expect(status(["If-Modified-Since": date]) == 304)
        #expect(status(["If-Modified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"]) == 200)
        #expect(status(["If-Match": tag]) == 200 && status(["If-Match": "*"]) == 200)
        #expect(status(["If-Match": "W/" + tag]) == 412 && status(["If-Match": "\"x\""]) == 412)
        #expect(status(["If-Range": tag, "Range": "bytes=0-0"]) == 206)
        #expect(status(["If-Range": date, "Range": "bytes=0-0"]) == 206)
        #expect(status(["If-Range": "W/" + tag, "Range": "bytes=0-0"]) == 200)
    }

    @Test func whatIsWrittenOrReplacedHasAnotherTag() {
        let facts = Self.facts
        let others = [
            FileAnswer.Facts(byteCount: 101, modified: facts.modified, serial: 9),
            FileAnswer.Facts(byteCount: 100, modified: (784_111_777, 6), serial: 9),
            FileAnswer.Facts(byteCount: 100, modified: (784_111_778, 5), serial: 9),
            FileAnswer.Facts(byteCount: 100, modified: facts.modified, serial: 10),
        ]
        for other in others { #expect(other.tag != facts.tag) }
    }

    /// Every spelling of a way out, and of what is hidden.
    @Test(arguments: [
        "..", "../", "../a", "a/../b", "a/..", "%2e%2e/a", "%2E%2E", ".%2e/a", "%2e./a", "..%2fa",
        "%2e%2e%2fa",
        "a/%2e%2e/b", "..\\a", "..%5ca", "%2e%2e%5ca", "a%5c..%5cb", ".", "./a", "a/./b", "%2e/a", "//a",
        "a//b",
        "a/%2f", "%2fetc/passwd", "/etc/passwd", ".git/config", "a/.env", "%2egit", ".hidden", "...", "a%00",
        "%00", "a%00.txt", "%", "%2", "%zz", "%c0%ae%c0%ae/a", "%e0%80%ae", "%ff", "a/%2e%2e",
        "%252e%252e/../x",
    ])
    func noWayLeadsOut(path: String) { #expect(FilePath.names(in: path) == nil) }

    @Test func plainNamesLeadIn() {
        #expect(FilePath.names(in: "")?.names == [] && FilePath.names(in: "")?.isFolder == true)
        #expect(FilePath.names(in: "a/b.txt")?.names == ["a", "b.txt"])
        #expect(FilePath.names(in: "a/b/")?.isFolder == true)
        #expect(FilePath.names(in: "caf%C3%A9%20x")?.names == ["café x"])
        // Decoded once, and no further.
        #expect(FilePath.names(in: "%252e%252e")?.names == ["%2e%2e"])
        #expect(FilePath.names(in: "a..b/c..")?.names == ["a..b", "c.."])
        #expect(FilePath.names(in: String(repeating: "x", count: 256)) == nil)
    }

    @Test func typesByName() {
        #expect(FilePath.type(of: "a.HTML") == "text/html; charset=utf-8")
        #expect(FilePath.type(of: "a.tar.gz") == "application/gzip")
        #expect(FilePath.type(of: "html") == "application/octet-stream")
        #expect(FilePath.type(of: "a.exe") == "application/octet-stream")
    }
}
