// expect: does not conform to protocol 'Escapable'
import SBEVectors
import ZCProto

func read(_ bytes: RawSpan) throws {
    let car = try BenchCarVectors.Car.decode(bytes)
    var figures = car.fuelFigures
    var kept: [SBEView<BenchCarVectors.Car.FuelFigures>] = []
    while let figure = figures.next() { kept.append(figure) }
}
