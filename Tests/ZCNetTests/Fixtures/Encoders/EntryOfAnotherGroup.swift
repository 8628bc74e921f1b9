// expect: has no dynamic member 'octaneRating'
import SBEVectors
import ZCProto

func write(_ bytes: inout MutableRawSpan) throws -> Int {
    try BenchCarVectors.Car.encode(into: &bytes) { car in
        try car
            .group(.fuelFigures) { figures in
                try figures.append { $0.octaneRating = 95 }
            }
            .group(.performanceFigures) { _ in }
            .data(.manufacturer, "Honda")
            .data(.model, "Civic VTi")
            .finish()
    }
}
