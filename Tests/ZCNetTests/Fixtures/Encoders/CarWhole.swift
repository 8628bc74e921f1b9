// compiles
import SBEVectors
import ZCProto

func write(_ bytes: inout MutableRawSpan) throws -> Int {
    try BenchCarVectors.Car.encode(into: &bytes) { car in
        car.serialNumber = 1234
        car.engine.capacity = 2000
        car.someNumbers = [1, 2, 3, 4, 5]
        try car.vehicleCode.set("abcdef")
        return
            try car
            .group(.fuelFigures) { figures in
                try figures.append { $0.speed = 30 }
            }
            .group(.performanceFigures) { figures in
                try figures.append { figure in
                    figure.octaneRating = 95
                    return try figure.group(.acceleration) { _ in }.finish()
                }
            }
            .data(.manufacturer, "Honda")
            .data(.model, "Civic VTi")
            .finish()
    }
}
