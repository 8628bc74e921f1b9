import Glibc
import Testing

@testable import ZCNet

/// A file of its own for each test, removed with the value.
private final class TemporaryFile {
    let path: String

    init(_ bytes: [UInt8]) throws {
        var template = Array("/tmp/zcnet-mapped-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        try #require(descriptor >= 0)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let written = unsafe write(descriptor, bytes, bytes.count)
        close(descriptor)
        try #require(written == bytes.count)
    }

    deinit { unsafe _ = unlink(path) }
}

@Suite struct MappedFileTests {
    private func failure(_ path: String, _ range: Range<Int>? = nil) -> MappedFileError? {
        do {
            _ = try MappedFile(path: path, range: range)
            return nil
        } catch {
            return error
        }
    }

    @Test func mapsAWholeFile() throws {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let file = try TemporaryFile(bytes)
        let mapped = try MappedFile(path: file.path)
        #expect(mapped.count == 10_000 && mapped.fileBytes == 10_000)
        let all = [UInt8](copying: mapped.bytes)
        #expect(all == bytes)
    }

    @Test(arguments: [0..<1, 0..<4096, 4095..<4097, 4096..<8192, 5000..<5001, 9999..<10_000, 0..<10_000])
    func mapsARange(range: Range<Int>) throws {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let file = try TemporaryFile(bytes)
        let mapped = try MappedFile(path: file.path, range: range)
        #expect(Array(mapped.allBytes) == Array(bytes[range]))
        #expect(mapped.count == range.count && mapped.fileBytes == 10_000)
    }

    @Test func sharedBytesKeepTheMapping() throws {
        var kept = SharedBytes()
        do {
            let file = try TemporaryFile(Array("mapped, not copied".utf8))
            let mapped = try MappedFile(path: file.path)
            kept = mapped.sharedBytes(8..<18)
            let isShared = unsafe kept.start == mapped.allBytes.start + 8
            #expect(isShared && kept.owner is FileMapping)
        }
        #expect(kept == SharedBytes("not copied" as StaticString))
    }

    @Test func theLastReferenceUnmaps() throws {
        let file = try TemporaryFile([UInt8](repeating: 1, count: 4096))
        weak var mapping: FileMapping?
        do {
            let slice = try MappedFile(path: file.path).sharedBytes(10..<20)
            mapping = slice.owner as? FileMapping
            #expect(mapping != nil)
            _ = consume slice
        }
        #expect(mapping == nil)
    }

    @Test func missingFile() {
        let error = failure("/tmp/zcnet-there-is-no-such-file")
        #expect(
            error?.code == .system && error?.system?.errno == .noSuchFile
                && error?.system?.operation == "open")
        #expect(error?.description == "open /tmp/zcnet-there-is-no-such-file: \(Errno.noSuchFile)")
    }

    @Test func whatIsNoRegularFile() {
        #expect(failure("/tmp")?.code == .notARegularFile)
        #expect(failure("/dev/null")?.code == .notARegularFile)
    }

    @Test func emptyFileAndEmptyRange() throws {
        let empty = try TemporaryFile([])
        #expect(failure(empty.path)?.code == .empty)
        #expect(
            failure(empty.path)?.description.hasSuffix("expected at least 1 byte, got 0..<0 of 0") == true)
        let file = try TemporaryFile([1, 2, 3])
        #expect(failure(file.path, 1..<1)?.code == .empty)
    }

    @Test func rangesOutsideOfTheFile() throws {
        let file = try TemporaryFile([1, 2, 3])
        for range in [0..<4, 3..<4, 4..<5, -1..<2, 0..<Int.max] {
            let error = failure(file.path, range)
            #expect(error?.code == .rangeOutsideOfFile && error?.got == "\(range)", "\(range)")
        }
        #expect(failure(file.path, 0..<3) == nil)
    }

    @Test func slicesAreBoundsChecked() async {
        await #expect(processExitsWith: .failure) {
            let file = try TemporaryFile([1, 2, 3])
            _ = try MappedFile(path: file.path).sharedBytes(1..<4)
        }
    }
}
