// expect: 'car' consumed more than once
import SBEVectors
import ZCProto

func write(_ bytes: inout MutableRawSpan) throws -> Int {
    try BenchCarVectors.Car.encode(into: &bytes) { car in
        let next = try car.group(.fuelFigures) { _ in }
        _ = try car.group(.fuelFigures) { _ in }
        return try next.group(.performanceFigures) { _ in }
            .data(.manufacturer, "Honda").data(.model, "Civic VTi").finish()
    }
}
