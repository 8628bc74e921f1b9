// expect: has no dynamic member 'data'
import SBEVectors
import ZCProto

func write(_ bytes: inout MutableRawSpan) throws -> Int {
    try BenchCarVectors.Car.encode(into: &bytes) { car in
        try car
            .group(.fuelFigures) { _ in }
            .data(.manufacturer, "Honda")
            .group(.performanceFigures) { _ in }
            .data(.model, "Civic VTi")
            .finish()
    }
}
