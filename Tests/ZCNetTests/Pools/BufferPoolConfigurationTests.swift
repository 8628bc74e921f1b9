import Testing

@testable import ZCNet

@Suite struct BufferPoolConfigurationTests {
    private typealias SizeClass = BufferPool.SizeClass
    private typealias Configuration = BufferPool.Configuration

    private func error(_ configuration: Configuration) -> BufferPoolError? {
        do {
            try configuration.validate()
            return nil
        } catch {
            #expect(throws: error) { _ = try BufferPool(configuration).counts }
            return error
        }
    }

    private func error(_ bytes: Int, kept: Int = 1, preallocated: Int = 0) -> BufferPoolError? {
        error(
            Configuration(classes: [
                SizeClass(bufferBytes: bytes, keptIdleMax: kept, preallocated: preallocated)
            ]))
    }

    @Test func theDefaultIsValid() throws {
        try Configuration().validate()
        try Configuration(pools: 32, buffersPerPool: 100, bufferBytes: 8192).validate()
    }

    @Test func buffersHaveASize() {
        #expect(error(64) == nil && error(1 << 30) == nil)
        for bytes in [Int.min, -64, 0, 63, 1 << 30 + 64, Int.max] {
            #expect(error(bytes)?.field == "classes[0].bufferBytes")
            #expect(error(bytes)?.got == "\(bytes)")
        }
        #expect(error(65)?.code == .notAMultipleOf64)
        #expect(error(0)?.code == .outOfLimits && error(0)?.expected == "64...1073741824")
    }

    @Test func countsHaveLimits() {
        #expect(error(64, kept: 0) == nil && error(64, kept: 1 << 24) == nil)
        #expect(error(64, kept: -1)?.field == "classes[0].keptIdleMax")
        #expect(error(64, kept: 1 << 24 + 1)?.expected == "0...16777216")
        #expect(error(64, kept: 3, preallocated: 3) == nil)
        #expect(error(64, kept: 3, preallocated: 4)?.field == "classes[0].preallocated")
        #expect(error(64, kept: 3, preallocated: 4)?.expected == "0...3")
        #expect(error(64, kept: 3, preallocated: -1)?.got == "-1")
    }

    @Test func classesAscend() {
        let sizes = { (bytes: [Int]) in
            Configuration(classes: bytes.map { SizeClass(bufferBytes: $0, keptIdleMax: 0) })
        }
        #expect(error(sizes([64, 128, 192])) == nil)
        #expect(error(sizes([64, 64]))?.field == "classes[1].bufferBytes")
        #expect(error(sizes([128, 64]))?.expected == "192...1073741824")
        #expect(error(sizes([]))?.field == "classes.count")
        #expect(error(sizes((1...16).map { $0 * 64 })) == nil)
        #expect(error(sizes((1...17).map { $0 * 64 }))?.expected == "1...16")
        #expect(error(sizes([1 << 30, 1 << 30 + 64]))?.field == "classes[1].bufferBytes")
    }

    @Test func outstandingBytesHaveLimits() {
        #expect(error(Configuration(outstandingBytesMax: 64)) == nil)
        #expect(error(Configuration(outstandingBytesMax: 63))?.field == "outstandingBytesMax")
        #expect(error(Configuration(outstandingBytesMax: 1 << 46 + 1))?.field == "outstandingBytesMax")
    }

    @Test func plansThatOverflowAreRefused() {
        #expect(error(Configuration(pools: Int.max, buffersPerPool: 2, bufferBytes: 64)) != nil)
        #expect(error(Configuration(pools: 1 << 24, buffersPerPool: 1, bufferBytes: Int.max - 63)) != nil)
        #expect(error(Configuration(pools: 0, buffersPerPool: 1, bufferBytes: 64)) != nil)
        #expect(error(Configuration(pools: -1, buffersPerPool: 1, bufferBytes: 64)) != nil)
    }

    @Test func errorsSayWhatWouldDo() {
        #expect(
            error(65)?.description
                == "classes[0].bufferBytes: expected a multiple of 64 in 64...1073741824, got 65")
    }
}
