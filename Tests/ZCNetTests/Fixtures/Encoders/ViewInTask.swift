// expect: lifetime-dependent variable 'car' escapes its scope
import SBEVectors
import ZCProto

func read(_ bytes: RawSpan) throws {
    let car = try BenchCarVectors.Car.decode(bytes)
    Task { print(car.serialNumber) }
}
