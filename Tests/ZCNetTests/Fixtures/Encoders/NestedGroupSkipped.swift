// expect: cannot convert value of type '()' to closure result type 'SBEWritten<
import SBEVectors
import ZCProto

func write(_ bytes: inout MutableRawSpan) throws -> Int {
    try BenchCarVectors.Car.encode(into: &bytes) { car in
        try car
            .group(.fuelFigures) { _ in }
            .group(.performanceFigures) { figures in
                try figures.append { $0.octaneRating = 95 }
            }
            .data(.manufacturer, "Honda")
            .data(.model, "Civic VTi")
            .finish()
    }
}
