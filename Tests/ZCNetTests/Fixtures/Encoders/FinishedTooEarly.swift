// expect: SBEEnd
import SBEVectors
import ZCProto

func write(_ bytes: inout MutableRawSpan) throws -> Int {
    try BenchCarVectors.Car.encode(into: &bytes) { car in
        let next = try car.group(.fuelFigures) { _ in }
        return next.finish()
    }
}
