// expect: to conform to 'Sequence'
import SBEVectors
import ZCProto

func read(_ bytes: RawSpan) throws {
    let car = try BenchCarVectors.Car.decode(bytes)
    for figure in car.fuelFigures { print(figure.speed) }
}
