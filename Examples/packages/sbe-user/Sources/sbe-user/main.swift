import ZCProto

// The schema `car.sbe.xml` beside this file is compiled by the plugin; `Car` is one of its messages.
func show(_ bytes: RawSpan) throws(SBEError) {
    let car = try Car.decode(bytes)
    print("\(car.manufacturer.text) \(car.model.text), number \(car.serialNumber), extras \(car.extras)")
    var figures = car.fuelFigures
    while let figure = figures.next() { print("  \(figure.mpg) mpg at \(figure.speed)") }
}

func run() throws {
    var memory = [UInt8](repeating: 0, count: 256)
    var span = memory.mutableSpan
    var bytes = span.mutableBytes

    let count = try Car.encode(into: &bytes) { car in
        car.serialNumber = 1234
        car.code = .a
        car.extras = [.sportsPack]
        car.engine.capacity = 2000
        return
            try car
            .group(.fuelFigures) { figures in
                for (speed, mpg) in [(30, 35.9), (55, 49), (75, 40)] {
                    try figures.append { figure in
                        figure.speed = UInt16(speed)
                        figure.mpg = Float(mpg)
                    }
                }
            }
            .group(.performanceFigures) { _ in }
            .data(.manufacturer, "Honda")
            .data(.model, "Civic VTi")
            .finish()
    }

    try show(bytes.bytes.extracting(first: count))
    do {
        try show(bytes.bytes.extracting(first: 20))
    } catch {
        print(error)
    }
}

try run()
