import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

@Suite struct ProbedPlacesTests {
    /// Against a dictionary, with hashes so poor that runs collide, wrap around and shift back.
    @Test(arguments: [(UInt64(1), UInt32(15)), (2, 63), (3, 1023), (4, .max)])
    func behavesLikeADictionary(_ seed: UInt64, _ hashMask: UInt32) {
        var random = SimulatedRandom(seed: seed)
        var index = ProbedPlaces()
        var model: [UInt32: UInt32] = [:]
        for _ in 0..<30_000 {
            let place = UInt32(random.next() % 400)
            let hash = place &* 0x9E37_79B1 & hashMask | (hashMask == .max ? 0 : 0xFFFF_FFC0 & ~hashMask)
            if model[place] == nil {
                if random.next() % 5 < 3 {
                    index.insert(hash: hash, place: place)
                    model[place] = hash
                }
            } else if random.next() % 2 == 0 {
                index.remove(hash: hash, place: place)
                model[place] = nil
            }
            let wanted = UInt32(random.next() % 400)
            let hashWanted =
                wanted &* 0x9E37_79B1 & hashMask | (hashMask == .max ? 0 : 0xFFFF_FFC0 & ~hashMask)
            let found = index.find(hash: hashWanted) { $0 == wanted }
            #expect(found == (model[wanted] == nil ? nil : wanted))
        }
        let count = index.count
        #expect(count == model.count)
        for (place, hash) in model {
            let found = index.find(hash: hash) { $0 == place }
            #expect(found == place)
        }
    }
}
