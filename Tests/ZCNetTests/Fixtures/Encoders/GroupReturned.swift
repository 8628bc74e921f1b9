// expect: a function cannot return a ~Escapable result
import SBEVectors
import ZCProto

func read(_ bytes: RawSpan) throws -> SBEGroup<BenchCarVectors.Car.FuelFigures> {
    try BenchCarVectors.Car.decode(bytes).fuelFigures
}
