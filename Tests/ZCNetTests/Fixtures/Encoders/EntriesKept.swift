// expect: escaping closure captures 'inout' parameter 'figures'
import SBEVectors
import ZCProto

func write(_ bytes: inout MutableRawSpan) throws -> Int {
    try BenchCarVectors.Car.encode(into: &bytes) { car in
        var later: (() -> Int)?
        let next = try car.group(.fuelFigures) { figures in
            later = { figures.count }
        }
        print(later?() ?? 0)
        return try next.group(.performanceFigures) { _ in }
            .data(.manufacturer, "Honda").data(.model, "Civic VTi").finish()
    }
}
