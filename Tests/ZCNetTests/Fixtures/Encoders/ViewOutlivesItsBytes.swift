// expect: overlapping accesses to 'bytes'
import SBEVectors
import ZCProto

func read(_ other: [UInt8]) throws -> UInt32 {
    var bytes = other
    let car = try BenchCarVectors.Car.decode(bytes.span)
    bytes.append(1)
    return car.serialNumber
}
