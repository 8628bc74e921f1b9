import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

@Suite struct RetryIndexTests {
    /// How messages are numbered: one after the other, by time, one for many receivers, or anyhow.
    enum Numbering: CaseIterable, MessageNumbers {
        case consecutive, times, shared, random

        func id(at place: UInt32) -> UInt64 {
            switch self {
            case .consecutive: UInt64(place)
            case .times: UInt64(place) << 22
            case .shared: UInt64(place / 300)
            case .random: UInt64(place) &* 0xD6E8_FEB8_6659_FD93
            }
        }
    }

    private func hash(_ place: UInt32) -> UInt32 { place &* 0x9E37_79B1 ^ place >> 15 }

    /// Against a set, while the index grows.
    @Test(arguments: Numbering.allCases)
    func behavesLikeASet(_ numbering: Numbering) {
        var random = SimulatedRandom(seed: 5)
        var index = RetryIndex()
        var model: Set<UInt32> = []
        for _ in 0..<60_000 {
            let place = UInt32(random.next() % 5000)
            if !model.contains(place) {
                index.insert(id: numbering.id(at: place), hash: hash(place), place: place, numbers: numbering)
                model.insert(place)
            } else if random.next() % 2 == 0 {
                index.remove(id: numbering.id(at: place), hash: hash(place), place: place)
                model.remove(place)
            }
            let wanted = UInt32(random.next() % 5000)
            let found = index.find(id: numbering.id(at: wanted), hash: hash(wanted)) { $0 == wanted }?.place
            #expect(found == (model.contains(wanted) ? wanted : nil))
        }
        let count = index.count
        #expect(count == model.count)
        for place in model {
            let found = index.find(id: numbering.id(at: place), hash: hash(place)) { $0 == place }?.place
            #expect(found == place)
            index.remove(id: numbering.id(at: place), hash: hash(place), place: place)
        }
        let left = (index.count, index.overflowCount)
        #expect(left == (0, 0))
    }

    @Test(arguments: [(Numbering.consecutive, 0), (.times, 6000), (.random, 6000)])
    func linesSuffice(_ numbering: Numbering, _ overflowMax: Int) {
        var index = RetryIndex()
        for place in 0..<65_536 as Range<UInt32> {
            index.insert(id: numbering.id(at: place), hash: hash(place), place: place, numbers: numbering)
        }
        let (overflow, bytes) = (index.overflowCount, index.memoryBytes)
        #expect(overflow <= overflowMax && bytes < 65_536 * 24)
    }
}
