// expect: requires that 'BenchCarVectors.Car.EngineField'
import SBEVectors
import ZCProto

func write(_ bytes: inout MutableRawSpan) throws -> Int {
    try BenchCarVectors.Car.encode(into: &bytes) { car in
        car.engine.maxRpm = 9000
        return try car
            .group(.fuelFigures) { _ in }
            .group(.performanceFigures) { _ in }
            .data(.manufacturer, "Honda")
            .data(.model, "Civic VTi")
            .finish()
    }
}
