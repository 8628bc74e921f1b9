import Glibc
import Testing

@testable import ZCNet

@Suite struct ChunkPoolTests {
    @Test func sizesAreWholePages() {
        #expect(ChunkPool(chunkBytes: 1).chunkBytes == 4096)
        #expect(ChunkPool(chunkBytes: 4097).chunkBytes == 8192)
        #expect(ChunkPool().chunkBytes == ChunkPool.defaultChunkBytes)
    }

    @Test func misuseIsTrapped() async {
        await #expect(processExitsWith: .failure) { _ = ChunkPool(chunkBytes: 0) }
        await #expect(processExitsWith: .failure) { _ = ChunkPool(chunkBytes: 1 << 30 + 1) }
        await #expect(processExitsWith: .failure) { _ = ChunkPool(idleMax: -1) }
    }

    /// Where there is no memory for a loop's first chunk, building the loops says so.
    @Test func noMemoryForTheFirstChunkIsAnError() async {
        await #expect(processExitsWith: .exitCode(7)) {
            // The process has that much and no more: only the chunk does not fit.
            let pages = TextFile.contents(of: "/proc/self/statm").split(separator: " ").first
            let used = rlim_t(pages.flatMap { Int($0) } ?? 0) * rlim_t(sysconf(Int32(_SC_PAGESIZE)))
            var limit = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
            limit.rlim_cur = used + 48 << 20
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
            var configuration = EventLoopGroup.Configuration()
            (configuration.loops, configuration.driver) = (1, .epoll)
            configuration.limits.chunkBytes = 64 << 20
            do {
                _ = try EventLoopGroup(configuration)
            } catch {
                let isIt = (error as? SystemError)?.errno == .noMemory
                exit(isIt ? 7 : 1)
            }
        }
    }

    @Test func returnedChunksAreUsedAgain() {
        let pool = ChunkPool(chunkBytes: 4096, idleMax: 4)
        var addresses: Set<UInt> = []
        for _ in 0..<50 {
            let chunk = pool.take()
            addresses.insert(UInt(bitPattern: unsafe chunk.start))
            #expect(pool.outstandingCount == 1)
            withExtendedLifetime(chunk) {}
        }
        #expect(addresses.count == 1 && pool.madeCount == 1 && pool.takenCount == 50)
        #expect(pool.idleCount == 1 && pool.outstandingCount == 0)
    }

    @Test(arguments: [0, 1, 3]) func noMoreThanTheMaximumLieIdle(idleMax: Int) {
        let pool = ChunkPool(chunkBytes: 4096, idleMax: idleMax)
        var chunks = (0..<8).map { _ in pool.take() }
        #expect(pool.outstandingCount == 8 && pool.madeCount == 8)
        withExtendedLifetime(chunks) {}
        chunks.removeAll()
        #expect(pool.idleCount == idleMax && pool.outstandingCount == 0)
        chunks = (0..<8).map { _ in pool.take() }
        #expect(pool.madeCount == 16 - idleMax && pool.idleCount == 0)
        withExtendedLifetime(chunks) {}
    }

    @Test func chunksOutliveTheirPool() {
        var chunk: ChunkStorage?
        do {
            let pool = ChunkPool(chunkBytes: 4096)
            chunk = pool.take()
            let idle = [pool.take(), pool.take()]
            withExtendedLifetime(idle) {}
        }
        let start = unsafe chunk?.start
        unsafe start?.storeBytes(of: 7, as: UInt64.self)
        #expect(unsafe start?.load(as: UInt64.self) == 7)
        // Freed here, not pushed to a pool that is gone; the shared state's deinit proves it.
        chunk = nil
    }

    @Test func manyThreadsReturnWhileTheOwnerTakes() async {
        let pool = ChunkPool(chunkBytes: 4096, idleMax: 8)
        await withTaskGroup(of: Void.self) { group in
            for round in 0..<400 {
                let chunks = (0..<4).map { _ in pool.take() }
                #expect(Set(chunks.map { UInt(bitPattern: unsafe $0.start) }).count == 4)
                for chunk in chunks {
                    // The mark would be lost if two holders had the same region.
                    unsafe chunk.start.storeBytes(of: round, as: Int.self)
                    group.addTask { #expect(unsafe chunk.start.load(as: Int.self) == round) }
                }
                if round % 8 == 7 { await group.next() }
            }
        }
        #expect(pool.outstandingCount == 0)
        #expect(pool.idleCount <= 8)
    }
}
