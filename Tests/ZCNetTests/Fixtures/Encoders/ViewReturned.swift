// expect: a function cannot return a ~Escapable result
import SBEVectors
import ZCProto

func read(_ bytes: [UInt8]) throws -> SBEView<BenchCarVectors.Car> {
    try BenchCarVectors.Car.decode(bytes.span)
}
