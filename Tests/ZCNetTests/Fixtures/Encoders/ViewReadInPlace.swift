// compiles
import SBEVectors
import ZCProto

func read(_ bytes: RawSpan) throws -> [String] {
    let car = try BenchCarVectors.Car.decode(bytes)
    var texts: [String] = [car.manufacturer.text]
    var figures = car.fuelFigures
    while let figure = figures.next() { texts.append("\(figure.speed)") }
    car.performanceFigures.forEach { texts.append("\($0.acceleration.count)") }
    return texts
}
