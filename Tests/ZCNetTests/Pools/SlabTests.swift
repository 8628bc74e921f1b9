import Testing

@testable import ZCNet

/// Counts itself, to prove that nothing is lost or destroyed twice.
private final class Census {
    var alive = 0
}

private struct Citizen: ~Copyable {
    let census: Census
    var value: Int

    init(_ census: Census, _ value: Int) {
        self.census = census
        self.value = value
        census.alive += 1
    }

    deinit { census.alive -= 1 }
}

@Suite struct SlabTests {
    private func indices<Element: ~Copyable>(_ slab: borrowing Slab<Element>) -> [UInt32] {
        var all: [UInt32] = []
        slab.forEachIndex { all.append($0.rawValue) }
        return all
    }

    @Test func beginsEmpty() {
        let slab = Slab<Int>()
        let (count, capacity, contains) = (slab.count, slab.capacity, slab.contains(SlotIndex(rawValue: 0)))
        #expect(count == 0 && capacity == 0 && !contains && indices(slab).isEmpty)
    }

    @Test func insertsFindsAndRemoves() {
        var slab = Slab<Int>()
        let first = slab.insert(10)
        let second = slab.insert(20)
        #expect(first.rawValue == 0 && second.rawValue == 1 && first < second)
        slab[first] += 5
        #expect(slab[first] == 15 && slab[second] == 20)
        #expect(slab.remove(first) == 15)
        let (count, contains) = (slab.count, slab.contains(first))
        #expect(count == 1 && !contains)
        #expect(slab.insert(30) == first, "the place freed last is used next")
        #expect(indices(slab) == [0, 1])
    }

    @Test func elementsNeverMove() {
        var slab = Slab<Int>()
        let first = slab.insert(-1)
        let before = unsafe slab.address(of: first)
        for value in 0..<20_000 { _ = slab.insert(value) }
        #expect(slab[first] == -1)
        let isSame = unsafe before == slab.address(of: first)
        #expect(isSame)
    }

    @Test func everyElementIsDestroyedOnce() {
        let census = Census()
        do {
            var slab = Slab<Citizen>()
            var live: [SlotIndex] = []
            for value in 0..<1_000 { live.append(slab.insert(Citizen(census, value))) }
            #expect(census.alive == 1_000)
            for index in live.filter({ $0.rawValue % 3 == 0 }) { slab.remove(index) }
            #expect(census.alive == 666)
            let kept = slab.remove(live[1])
            #expect(kept.value == 1 && census.alive == 666)
        }
        #expect(census.alive == 0)
    }

    @Test func agreesWithADictionary() {
        var slab = Slab<Int>()
        var model: [SlotIndex: Int] = [:]
        var random = SystemRandomNumberGenerator()
        for step in 0..<20_000 {
            if let victim = model.keys.randomElement(using: &random),
                Int.random(in: 0..<5, using: &random) < 2
            {
                let removed = slab.remove(victim)
                #expect(removed == model.removeValue(forKey: victim))
            } else {
                let index = slab.insert(step)
                #expect(model.updateValue(step, forKey: index) == nil, "a live place was used again")
            }
        }
        let count = slab.count
        #expect(count == model.count)
        #expect(indices(slab) == model.keys.map(\.rawValue).sorted())
        for (index, value) in model { #expect(slab[index] == value) }
    }

    @Test func iterationStopsAtAnError() {
        struct Enough: Error {}
        var slab = Slab<UInt8>()
        for value in 0..<100 { _ = slab.insert(UInt8(value)) }
        var seen = 0
        #expect(throws: Enough.self) {
            try slab.forEachIndex { (index) throws(Enough) in
                seen += 1
                if index.rawValue == 41 { throw Enough() }
            }
        }
        #expect(seen == 42)
    }

    @Test func misuseIsTrapped() async {
        await #expect(processExitsWith: .failure) { _ = Slab<Int>()[SlotIndex(rawValue: 0)] }
        await #expect(processExitsWith: .failure) {
            var slab = Slab<Int>()
            let index = slab.insert(1)
            slab.remove(index)
            slab.remove(index)
        }
        await #expect(processExitsWith: .failure) {
            var slab = Slab<Int>()
            _ = slab.insert(1)
            slab[SlotIndex(rawValue: 1)] = 2
        }
        await #expect(processExitsWith: .failure) {
            var slab = Slab<Int>()
            _ = slab.insert(1)
            _ = slab[SlotIndex(rawValue: .max)]
        }
    }

    @Test func layoutsFitTheirPages() {
        for stride in [1, 2, 4, 8, 24, 64, 100, 256, 300, 1024, 1025, 4096, 100_000] {
            for alignment in [1, 4, 8, 16, 64] where stride % alignment == 0 {
                let layout = SlabLayout(elementStride: stride, elementAlignment: alignment)
                #expect(layout.stride >= max(stride, 4) && layout.stride % alignment == 0)
                #expect(layout.firstPlace * 8 >= layout.placesPerPage)
                #expect(layout.firstPlace % alignment == 0 && layout.alignment >= alignment)
                #expect(layout.placesPerPage >= (stride > 1024 ? 16 : 64))
                #expect(layout.placesPerPage <= 4096)
                #expect(layout.pageBytes == layout.firstPlace + layout.placesPerPage * layout.stride)
                if stride >= 8 && stride <= 256 { #expect(layout.pageBytes <= 17 * 1024) }
            }
        }
    }

    @Test func smallAndOverAlignedElements() {
        var bytes = Slab<UInt8>()
        let all = (0..<10_000).map { bytes.insert(UInt8(truncatingIfNeeded: $0)) }
        for (value, index) in all.enumerated() { #expect(bytes[index] == UInt8(truncatingIfNeeded: value)) }
        for index in all { bytes.remove(index) }
        let count = bytes.count
        #expect(count == 0)

        var wide = Slab<SIMD64<UInt8>>()
        for value in 0..<500 {
            let index = wide.insert(SIMD64(repeating: UInt8(truncatingIfNeeded: value)))
            let address = unsafe Int(bitPattern: wide.address(of: index))
            #expect(address % MemoryLayout<SIMD64<UInt8>>.alignment == 0 && address % 64 == 0)
        }
        var empty = Slab<Void>()
        let index = empty.insert(())
        empty.remove(index)
    }
}
