// expect: lifetime-dependent variable 'figure' escapes its scope
import SBEVectors
import ZCProto

func read(_ bytes: RawSpan) throws -> () -> UInt16 {
    let car = try BenchCarVectors.Car.decode(bytes)
    var figures = car.fuelFigures
    guard let figure = figures.next() else { return { 0 } }
    return { figure.speed }
}
