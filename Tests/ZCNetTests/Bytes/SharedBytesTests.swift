import Synchronization
import Testing

@testable import ZCNet

/// An owner that tells when it goes.
private final class Witness: Sendable {
    let gone: Atomic<Int>
    private let shared: Counter
    init(_ shared: Counter) {
        gone = Atomic(0)
        self.shared = shared
    }
    deinit { shared.value.wrappingAdd(1, ordering: .relaxed) }
}

private final class Counter: Sendable {
    let value = Atomic<Int>(0)
}

/// A collection that lies about its count.
private struct Liar: Collection {
    let stated: Int
    let real: Int
    var startIndex: Int { 0 }
    var endIndex: Int { real }
    var count: Int { stated }
    func index(after index: Int) -> Int { index + 1 }
    subscript(position: Int) -> UInt8 { UInt8(truncatingIfNeeded: position) }
}

@Suite struct SharedBytesTests {
    @Test func copiesEverySource() {
        let array: [UInt8] = [1, 2, 3, 4, 5]
        #expect(Array(SharedBytes(copying: array)) == array)
        let view = unsafe array.span.bytes
        #expect(Array(SharedBytes(copying: view)) == array)
        #expect(Array(SharedBytes(copying: array[1..<3])) == [2, 3])
        #expect(Array(SharedBytes("hello".utf8)) == Array("hello".utf8))
        #expect(Array(SharedBytes("static" as StaticString)) == Array("static".utf8))
        let long = String(repeating: "łong ", count: 100)
        #expect(Array(SharedBytes(long.utf8)) == Array(long.utf8))
    }

    @Test func emptyAllocatesNothing() {
        let none: [SharedBytes] = [
            SharedBytes(), SharedBytes(copying: [UInt8]()), SharedBytes("".utf8),
            SharedBytes(copying: SharedBytes().bytes), SharedBytes(copying: [1, 2]).slice(1..<1),
        ]
        for empty in none {
            #expect(empty.isEmpty && empty.count == 0)
            #expect(empty.owner == nil)
            #expect(empty.bytes.byteCount == 0 && empty.span.count == 0)
            #expect(empty == SharedBytes())
        }
    }

    @Test func staticBytesAreSharedInPlace() {
        let literal: StaticString = "in place"
        let bytes: SharedBytes = SharedBytes(literal)
        #expect(bytes.owner == nil)
        #expect(unsafe bytes.start == UnsafeRawPointer(literal.utf8Start))
        let literalValue: SharedBytes = "literal"
        #expect(literalValue == SharedBytes("literal".utf8))
    }

    @Test func initialisesInPlace() throws {
        let full = SharedBytes(count: 3) { output in
            for byte: UInt8 in 7..<10 { output.append(byte) }
        }
        #expect(Array(full) == [7, 8, 9])
        let fewer = SharedBytes(count: 3) { $0.append(UInt8(1)) }
        #expect(Array(fewer) == [1])
        struct Refusal: Error {}
        #expect(throws: Refusal.self) {
            _ = try SharedBytes(count: 3) { (_) throws(Refusal) in throw Refusal() }
        }
    }

    @Test func slicesShareTheMemory() {
        let whole = SharedBytes(copying: Array(0..<100))
        for lower in 0...100 {
            for upper in lower...100 {
                let slice = whole.slice(lower..<upper)
                #expect(slice.count == upper - lower)
                if lower < upper {
                    #expect(unsafe slice.start == whole.start + lower)
                    #expect(slice[0] == UInt8(lower))
                }
            }
        }
        #expect(whole.slice(10..<90).slice(5..<6)[0] == 15)
    }

    @Test func boundsAreChecked() async {
        await #expect(processExitsWith: .failure) { _ = SharedBytes("abc".utf8).slice(1..<4) }
        await #expect(processExitsWith: .failure) { _ = SharedBytes("abc".utf8).slice(-1..<2) }
        await #expect(processExitsWith: .failure) { _ = SharedBytes("abc".utf8)[3] }
        await #expect(processExitsWith: .failure) { _ = SharedBytes("abc".utf8)[-1] }
        await #expect(processExitsWith: .failure) { _ = SharedBytes(copying: Liar(stated: 2, real: 3)) }
        await #expect(processExitsWith: .failure) { _ = SharedBytes(copying: Liar(stated: 3, real: 2)) }
        await #expect(processExitsWith: .failure) {
            _ = SharedBytes(count: 1) {
                $0.append(UInt8(0))
                $0.append(UInt8(0))
            }
        }
    }

    @Test func equalityAndHashAreByContent() {
        let left = SharedBytes("content".utf8)
        let right = SharedBytes("content" as StaticString)
        #expect(left == right && left.hashValue == right.hashValue)
        #expect(left != SharedBytes("contenT".utf8) && left != SharedBytes("conten".utf8))
        for (text, isSame) in [("content", true), ("contents", false), ("kontent", false), ("", false)] {
            let view = unsafe text.utf8.span.bytes
            #expect(left.hasSameBytes(as: view) == isSame)
        }
        let nothing = SharedBytes()
        let bothEmpty = nothing.hasSameBytes(as: nothing.bytes)
        #expect(bothEmpty)
        #expect(Set([left, right, left.slice(0..<7)]).count == 1)
    }

    @Test func descriptionIsShort() {
        #expect(SharedBytes().description == "SharedBytes(0)")
        #expect(SharedBytes(copying: [0, 10, 255]).description == "SharedBytes(3: 00 0a ff)")
        let long = SharedBytes(copying: [UInt8](repeating: 1, count: 5_000)).description
        #expect(long.utf8.count < 80 && long.hasSuffix("…)"))
    }

    @Test func theOwnerLivesAsLongAsTheLastSlice() {
        let counter = Counter()
        let memory: StaticString = "owned elsewhere"
        var slice = SharedBytes()
        do {
            let whole = unsafe SharedBytes(
                unsafeStart: memory.utf8Start, count: 15, owner: Witness(counter))
            slice = whole.slice(6..<15)
        }
        #expect(counter.value.load(ordering: .relaxed) == 0)
        #expect(slice == SharedBytes("elsewhere"))
        slice = SharedBytes()
        #expect(counter.value.load(ordering: .relaxed) == 1)
    }

    @Test func adoptsMallocMemory() {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 4, alignment: 8)
        unsafe memory.storeBytes(of: UInt32(0x0403_0201), as: UInt32.self)
        let bytes = unsafe SharedBytes(
            unsafeStart: memory, count: 4, owner: MallocBytes(adopting: memory, capacity: 4))
        #expect(Array(bytes) == [1, 2, 3, 4])
    }

    @Test func manyThreadsShareOneValue() async {
        let counter = Counter()
        let memory: StaticString = "shared by many"
        await withTaskGroup(of: Int.self) { group in
            let whole = unsafe SharedBytes(
                unsafeStart: memory.utf8Start, count: 14, owner: Witness(counter))
            for task in 0..<8 {
                group.addTask {
                    var sum = 0
                    for round in 0..<1_000 {
                        let slice = whole.slice((task + round) % 14..<14)
                        sum += Int(slice[0])
                    }
                    return sum
                }
            }
            for await sum in group { #expect(sum > 0) }
        }
        #expect(counter.value.load(ordering: .relaxed) == 1)
    }
}
