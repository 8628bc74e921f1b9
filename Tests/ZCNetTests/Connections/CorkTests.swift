import Glibc
import Testing

@testable import ZCNet

/// Where what a callback says is gathered: in the cork's own memory, or where a driver's stage goes on.
struct CorkTests {
    /// A stage, for as long as the object lives.
    private final class StagePlace {
        let stage: LoopOwned<SendStage>

        init() {
            let memory = UnsafeMutablePointer<SendStage>.allocate(capacity: 1)
            unsafe memory.initialize(to: SendStage())
            stage = unsafe LoopOwned(memory)
        }

        deinit {
            unsafe stage.address.deinitialize(count: 1)
            unsafe stage.address.deallocate()
        }

        /// Fills the stage but for so many bytes.
        func fill(butFor rest: Int) {
            let bytes = [UInt8](repeating: 0, count: SendStage.capacity - stage[].used - rest)
            unsafe bytes.withUnsafeBytes { unsafe CorkTests.offer($0, to: stage) }
        }
    }

    private static func offer(_ bytes: UnsafeRawBufferPointer, to stage: LoopOwned<SendStage>) {
        var vector = unsafe iovec(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
        unsafe withUnsafeMutablePointer(to: &vector) {
            unsafe stage[].append(IOVectors(base: $0, count: 1, byteCount: bytes.count))
        }
    }

    private static func gather(_ text: String, in cork: inout Cork) -> UnsafeMutableRawPointer {
        let bytes = Array(text.utf8)
        let target = unsafe cork.append(bytes.count)
        unsafe UnsafeMutableRawBufferPointer(start: target, count: bytes.count).copyBytes(from: bytes)
        return unsafe target
    }

    /// What was gathered needs no copy to be staged: it lies there, and takes its place by being offered.
    @Test func piecesAreGatheredOnTheStage() {
        let place = StagePlace()
        var cork = Cork(capacity: 4096, stage: place.stage)
        for round in 0..<3 {
            let next = unsafe place.stage[].next
            let first = unsafe Self.gather("hello, ", in: &cork)
            _ = unsafe Self.gather("world \(round)", in: &cork)
            let (vectors, bytes) = (cork.vectorCount, cork.byteCount)
            #expect(unsafe first == next)
            #expect(vectors == 1 && bytes == 14 && place.stage[].used == round * 14)
            unsafe place.stage[].append(IOVectors(base: cork.vectors, count: vectors, byteCount: bytes))
            cork.reset()
            #expect(place.stage[].used == (round + 1) * 14)
        }
        let staged = unsafe String(decoding: place.stage[].bytes(0, 42), as: UTF8.self)
        #expect(staged == "hello, world 0hello, world 1hello, world 2")
    }

    /// Without a stage, with one that has too little room left, and where a transform is still to change what
    /// was gathered, the cork uses memory of its own.
    @Test func otherwiseTheCorkUsesItsOwnMemory() {
        let place = StagePlace()
        var alone = Cork(capacity: 4096, stage: nil)
        let own = unsafe Self.gather("a", in: &alone)
        alone.reset()
        let again = unsafe Self.gather("b", in: &alone)
        let isStaged = alone.isForStage(1)
        #expect(unsafe again == own && !isStaged)

        var cork = Cork(capacity: 4096, stage: place.stage)
        cork.isOpaque = true
        let opaque = unsafe Self.gather("c", in: &cork)
        let isForStage = cork.isForStage(1)
        #expect(unsafe opaque != place.stage[].next && !isForStage)
        cork.reset()
        cork.isOpaque = false
        place.fill(butFor: 4095)
        let late = unsafe Self.gather("d", in: &cork)
        #expect(unsafe late != place.stage[].next)
    }

    /// A stage that fills up while the cork is in use changes nothing for what has been gathered.
    @Test func theNextPiecesFollowTheFirst() {
        let place = StagePlace()
        var cork = Cork(capacity: 4096, stage: place.stage)
        let first = unsafe Self.gather("one", in: &cork)
        place.fill(butFor: 10)
        let second = unsafe Self.gather("two", in: &cork)
        let vectors = cork.vectorCount
        #expect(unsafe second == first + 3 && vectors == 1)
    }

    /// Up to what the driver stages, pieces are copied in any case, and more is only pointed at.
    @Test func whatIsForTheStageIsCopied() {
        let place = StagePlace()
        var cork = Cork(capacity: 64 << 10, stage: place.stage)
        let most = SendStage.sendBytesMax
        let empty = (cork.isForStage(most), cork.isForStage(most + 1))
        _ = unsafe Self.gather("12345", in: &cork)
        let filled = (cork.isForStage(most - 5), cork.isForStage(most - 4))
        #expect(empty == (true, false) && filled == (true, false))
    }
}
